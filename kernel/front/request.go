package main

import (
	"encoding/json"
	"fmt"
	"reflect"

	"convbook/kernel/internal/explain"
	"convbook/kernel/internal/jupyter"
)

// What GoNB relies on in a request; it ends at one that lacks it.
var (
	executeDefaults  = map[string]any{"code": "", "silent": false, "store_history": true, "allow_stdin": false, "stop_on_error": true}
	completeDefaults = map[string]any{"code": "", "cursor_pos": 0.0}
	inspectDefaults  = map[string]any{"code": "", "cursor_pos": 0.0, "detail_level": 0.0}
)

// sound reads the content of a request and puts in what is missing or of another type;
// same says that nothing was.
func sound(m *jupyter.Message, defaults map[string]any) (content map[string]any, same bool, err error) {
	if err := json.Unmarshal(m.Content, &content); err != nil || content == nil {
		return nil, false, fmt.Errorf("%s without an object: %v", m.Header.Type, err)
	}
	same = true
	for name, otherwise := range defaults {
		if reflect.TypeOf(content[name]) != reflect.TypeOf(otherwise) {
			content[name], same = otherwise, false
		}
	}
	return content, same, nil
}

// inRange has the cursor of a request lie in its code.
func inRange(content map[string]any) (code []rune, cursor int, same bool) {
	code = []rune(content["code"].(string))
	given := content["cursor_pos"].(float64)
	cursor = int(max(0, min(given, float64(len(code)))))
	content["cursor_pos"] = float64(cursor)
	return code, cursor, float64(cursor) == given
}

// toRun returns a client's cell as GoNB is given it.
func toRun(m *jupyter.Message) (changed *jupyter.Message, code string, stopOnError bool, refused *explain.Said, err error) {
	content, same, err := sound(m, executeDefaults)
	if err != nil {
		return nil, "", false, nil, err
	}
	code = plain(content["code"].(string))
	given := code
	if said, no := explain.Refuse(code); no {
		refused, given = &said, "" // GoNB counts it and runs nothing
	}
	stopOnError = content["stop_on_error"].(bool)
	if same && given == content["code"] {
		return m, code, stopOnError, nil, nil
	}
	content["code"] = given
	changed, err = m.With(content)
	return changed, code, stopOnError, refused, err
}
