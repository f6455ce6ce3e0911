package pipe

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"slices"
)

// The messages are values of GoNB's DisplayData and CommValue
// (github.com/janpfeifer/gonb/gonbui/protocol) as encoding/gob writes them: each has its
// length, the number of its type, and its fields, each after the distance to the number
// of the last one. A zero ends a struct; fields that are zero are left out.

// The numbers of the types in the prelude.
const (
	displayData = 64
	textMap     = 66 // map[string]any
	commValue   = 67
)

// prelude tells the types, once, as gob does.
var prelude = []byte("" +
	"\x3e\x7f\x03\x01\x01\x0bDisplayData\x01\xff\x80\x00\x01\x03\x01\x04Data\x01\xff\x82\x00\x01\x08Metadata\x01\xff\x84\x00\x01\x09DisplayID\x01\x0c\x00\x00\x00" +
	"\x32\xff\x81\x04\x01\x01\x22map[protocol.MIMEType]interface {}\x01\xff\x82\x00\x01\x0c\x01\x10\x00\x00" +
	"\x27\xff\x83\x04\x01\x01\x17map[string]interface {}\x01\xff\x84\x00\x01\x0c\x01\x10\x00\x00" +
	"\x39\xff\x85\x03\x01\x01\x09CommValue\x01\xff\x86\x00\x01\x03\x01\x07Address\x01\x0c\x00\x01\x07Request\x01\x02\x00\x01\x05Value\x01\x10\x00\x00\x00")

// display is an output as a message.
func display(o Output) []byte {
	m := unsigned(signed(nil, displayData), 1) // Data
	m = unsigned(m, uint64(len(o.Data)))
	for _, mime := range slices.Sorted(maps.Keys(o.Data)) {
		m = value(text(m, mime), "string", 6, text(nil, o.Data[mime]))
	}
	next := uint64(2)
	if o.StandIn {
		inner := value(text(unsigned(nil, 1), "stand_in"), "bool", 1, []byte{1})
		m = unsigned(m, 1) // Metadata
		m = value(text(unsigned(m, 1), "convbook"), "map[string]interface {}", textMap, inner)
		next = 1
	}
	if o.ID != "" {
		m = text(unsigned(m, next), o.ID) // DisplayID
	}
	return framed(append(m, 0))
}

// syncRequest asks GoNB to answer when it has passed on what came before.
func syncRequest(number int) []byte {
	comm := text(unsigned(nil, 1), "#gonbui/sync") // Address
	comm = append(numberOf(comm, number), 0)
	m := unsigned(unsigned(signed(nil, displayData), 1), 1) // Data, with one entry
	m = text(m, "gonb/comm_value")
	m = text(m, "github.com/janpfeifer/gonb/gonbui/protocol.CommValue")
	m = append(unsigned(signed(m, commValue), uint64(len(comm))), comm...)
	return framed(append(m, 0))
}

// syncAnswer is how the answer to a request ends, whatever number its type has.
func syncAnswer(number int) []byte {
	return append(numberOf(text(unsigned(nil, 1), "#gonbui/sync_ack"), number), 0)
}

// numberOf appends the field Value of a CommValue, two after its Address.
func numberOf(m []byte, number int) []byte {
	return value(unsigned(m, 2), "int", 2, signed(nil, int64(number)))
}

// value appends a value that stands in an interface: its type by name and number, and
// how long it is.
func value(m []byte, name string, number int64, content []byte) []byte {
	m = signed(text(m, name), number)
	m = unsigned(m, uint64(len(content)+1))
	return append(append(m, 0), content...)
}

func text(m []byte, s string) []byte { return append(unsigned(m, uint64(len(s))), s...) }

// unsigned appends a number: itself below 128, else the count of its bytes, negated,
// and the bytes.
func unsigned(m []byte, n uint64) []byte {
	if n < 128 {
		return append(m, byte(n))
	}
	bytes := binary.BigEndian.AppendUint64(nil, n)
	for bytes[0] == 0 {
		bytes = bytes[1:]
	}
	return append(append(m, byte(-len(bytes))), bytes...)
}

// signed appends a number with its sign in the lowest bit.
func signed(m []byte, n int64) []byte {
	if n < 0 {
		return unsigned(m, uint64(^n)<<1|1)
	}
	return unsigned(m, uint64(n)<<1)
}

func framed(m []byte) []byte { return append(unsigned(nil, uint64(len(m))), m...) }

// maxMessage bounds what is read of one message.
const maxMessage = 1 << 20

// next reads one message.
func next(in *bufio.Reader) ([]byte, error) {
	first, err := in.ReadByte()
	if err != nil {
		return nil, err
	}
	length := uint64(first)
	if first >= 128 {
		length = 0
		for range -int(int8(first)) {
			b, err := in.ReadByte()
			if err != nil {
				return nil, err
			}
			length = length<<8 | uint64(b)
		}
	}
	if length > maxMessage {
		return nil, errors.New("a message is too long")
	}
	message := make([]byte, length)
	_, err = io.ReadFull(in, message)
	return message, err
}
