package pipe

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

func init() { gob.Register(map[string]any{}) } // as GoNB does

// What is sent is what GoNB's own decoder reads, whatever the texts and their lengths.
func TestMessagesAreGoNBs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var sent []protocol.DisplayData
	stream := bytes.NewBuffer(bytes.Clone(prelude))
	for i := range 400 {
		o := Output{Data: map[string]string{}, StandIn: i%3 == 0}
		if i%2 == 0 {
			o.ID = fmt.Sprint("slot_", i)
		}
		want := protocol.DisplayData{Data: map[protocol.MIMEType]any{}, DisplayID: o.ID}
		for _, mime := range []string{"text/html", "text/plain", "text/markdown"}[:1+i%3] {
			o.Data[mime] = strings.Repeat("한 b\x00", r.IntN([]int{1, 40, 300, 70_000}[i%4]))
			want.Data[protocol.MIMEType(mime)] = o.Data[mime]
		}
		if o.StandIn {
			want.Metadata = map[string]any{"convbook": map[string]any{"stand_in": true}}
		}
		stream.Write(display(o))
		sent = append(sent, want)
	}
	decoder := gob.NewDecoder(stream)
	for i, want := range sent {
		var got protocol.DisplayData
		if err := decoder.Decode(&got); err != nil {
			t.Fatalf("output %d: %v", i, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("output %d arrives as %.300v, want %.300v", i, got, want)
		}
	}
}

func TestSyncIsGoNBs(t *testing.T) {
	numbers := []int{1, 63, 64, 127, 128, 300, 65_536, math.MaxInt32}
	stream := bytes.NewBuffer(bytes.Clone(prelude))
	var answers bytes.Buffer
	encoder := gob.NewEncoder(&answers)
	for _, n := range numbers {
		stream.Write(syncRequest(n))
		if err := encoder.Encode(&protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: n}); err != nil {
			t.Fatal(err)
		}
	}
	decoder, in := gob.NewDecoder(stream), bufio.NewReader(&answers)
	if _, err := next(in); err != nil { // the type
		t.Fatal(err)
	}
	for _, n := range numbers {
		var got protocol.DisplayData
		if err := decoder.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if comm, _ := got.Data[protocol.MIMECommValue].(protocol.CommValue); comm.Address != protocol.GonbuiSyncAddress || comm.Value != n {
			t.Errorf("request %d arrives as %v", n, got)
		}
		message, err := next(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range numbers {
			if bytes.HasSuffix(message, syncAnswer(other)) != (other == n) {
				t.Errorf("the answer to %d is taken for one to %d, or not for its own", n, other)
			}
		}
	}
}

func FuzzNext(f *testing.F) {
	f.Add([]byte(prelude))
	f.Add([]byte{0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0x80})
	f.Fuzz(func(t *testing.T, stream []byte) {
		in := bufio.NewReader(bytes.NewReader(stream))
		for {
			if message, err := next(in); err != nil || len(message) > len(stream) {
				return
			}
		}
	})
}
