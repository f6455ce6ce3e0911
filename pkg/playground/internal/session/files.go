package session

import (
	"fmt"
	"slices"
	"strings"

	"convbook/pkg/dataset"
	"convbook/pkg/params"
)

// mostBytes bounds a file that is dropped on the page: the largest data set that is opened has 180 MB of images.
const mostBytes = 256 << 20

// file returns a file of a message, and the last part of its name.
func file(of any) (name string, content []byte, err error) {
	f, _ := of.(Fields)
	name, _ = f["name"].(string)
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	if letters := []rune(name); len(letters) > 60 {
		name = string(letters[:60]) + "…"
	}
	content, ok := f["bytes"].([]byte)
	switch {
	case !ok:
		return name, nil, fault{"there is no file in the message", "메시지에 파일이 없습니다"}
	case len(content) > mostBytes:
		return name, nil, fault{fmt.Sprintf("%s has %d MB, %d at most are read here", name, len(content)>>20, mostBytes>>20),
			fmt.Sprintf("%s의 크기는 %d MB입니다. 여기서는 %d MB까지 읽습니다", name, len(content)>>20, mostBytes>>20)}
	}
	return name, content, nil
}

// unread is an error about a file. The packages' own words are English; the Korean line says what to do.
func unread(name string, err error, korean string) error {
	text := plain(err)
	return fault{fmt.Sprintf("%s: %s", name, text), fmt.Sprintf("%s: %s (%s)", name, korean, text)}
}

func (s *Session) save(ask Fields) ([]Fields, error) {
	format, _ := ask["format"].(string)
	if format != "npz" && format != "safetensors" {
		return nil, fault{fmt.Sprintf(`the format is %s; want "npz" or "safetensors"`, shown(ask["format"])),
			fmt.Sprintf(`%s 형식은 없습니다. "npz" 또는 "safetensors"여야 합니다`, shown(ask["format"]))}
	}
	content, err := params.Encode("."+format, s.net.State(), params.Network(s.net.Description()))
	if err != nil {
		return nil, err
	}
	return []Fields{{"say": "saved", "name": "playground." + format, "bytes": content}}, nil
}

func (s *Session) drop(ask Fields) ([]Fields, error) {
	list, _ := ask["files"].([]any)
	if len(list) == 0 || len(list) > 8 {
		return nil, fault{"drop the four files of a data set together: images and labels, to train and to test on", "데이터 파일 네 개(학습·테스트의 이미지와 레이블)를 함께 놓으세요"}
	}
	files := map[string][]byte{}
	var names []string
	total := 0
	for _, one := range list {
		name, content, err := file(one)
		if err != nil {
			return nil, err
		}
		if total += len(content); total > mostBytes {
			return nil, fault{fmt.Sprintf("the files have more than %d MB together", mostBytes>>20), fmt.Sprintf("파일이 모두 합쳐 %d MB를 넘습니다", mostBytes>>20)}
		}
		files[name], names = content, append(names, name)
	}
	d, err := dataset.OfFiles("", files)
	if err != nil {
		return nil, unread(strings.Join(names, ", "), err, "데이터 파일을 읽을 수 없습니다. 받은 그대로의 파일 네 개를 함께 놓으세요")
	}
	if _, height, width := d.Train.Shape(); height > mostSide || width > mostSide {
		return nil, fault{fmt.Sprintf("the images are %dx%d; %dx%d at most are trained on here", height, width, mostSide, mostSide),
			fmt.Sprintf("이미지 크기가 %dx%d입니다. 여기서는 %dx%d까지 학습합니다", height, width, mostSide, mostSide)}
	}
	kind := d.Name
	if d.Own {
		kind = "own"
	}
	return []Fields{{"say": "data", "data": s.describe(s.add(kind, d))}}, nil
}

// mostSide is how many pixels an image has along a side.
const mostSide = 64

// dataOf returns the images that settings name.
func (s *Session) dataOf(c Settings) (*dataset.Data, error) {
	at := slices.Index(s.kinds, c.Kind)
	if at < 0 {
		return nil, fault{fmt.Sprintf("there are no images of the kind %s; want one of %v", shown(c.Kind), s.kinds),
			fmt.Sprintf("%s 이미지가 없습니다. %v 가운데 하나여야 합니다", shown(c.Kind), s.kinds)}
	}
	return s.sets[at], nil
}
