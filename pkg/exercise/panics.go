package exercise

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"convbook/pkg/ndarray"
)

// panicHint reads what the panics say, where all of them say the same kind of thing.
func panicHint[C any](failing []observation[C]) (hint both, found bool) {
	for _, o := range failing {
		if o.problem == nil {
			continue
		}
		kind := kindOfPanic(o.problem.panicked)
		if kind.empty() || found && kind != hint {
			return both{}, false
		}
		hint, found = kind, true
	}
	return hint, found
}

var outside = regexp.MustCompile(`index (-?\d+) is out of bounds for axis \d+ with size (\d+)|index out of range \[(-?\d+)\](?: with length (\d+))?`)

// noGradient begins the panic about a map that is not complete.
const noGradient = "the map has no gradient with the name "

// beyond is the panic of an index that is equal to the size of its axis, as where two
// indices are swapped.
func beyond(size int) {
	panic(fmt.Sprintf("index %d is out of bounds for axis 0 with size %d", size, size))
}

func kindOfPanic(value any) both {
	var shape *ndarray.ShapeError
	if err, ok := value.(error); ok && errors.As(err, &shape) {
		switch {
		case strings.Contains(shape.Op, "Reshape"):
			return both{"the number of elements does not fit the shape given to Reshape: is the output size right, with pad and stride?", "원소의 수가 Reshape에 준 형상과 맞지 않습니다. pad와 stride를 넣어 출력 크기를 맞게 구했나요?"}
		case strings.HasPrefix(shape.Op, "Dot"), strings.HasPrefix(shape.Op, "TDot"):
			return both{"the inner sizes of the matrix product do not fit: which of the two has to be transposed, or comes first?", "행렬 곱의 안쪽 크기가 맞지 않습니다. 어느 쪽을 전치하거나 앞에 두어야 할까요?"}
		case strings.HasPrefix(shape.Op, "Col2im"):
			return both{"col is not what im2col makes of images of that shape: are shape, filter, stride and pad the same as on the way there?", "col이 그 형상의 이미지를 im2col한 결과와 맞지 않습니다. shape, 필터 크기, stride, pad가 순전파와 같은가요?"}
		case strings.Contains(shape.Op, "Backward"):
			return both{"a layer's Backward was given a gradient of another shape than its output: go through the layers in reverse order, from the last to the first.", "계층의 Backward에 출력과 형상이 다른 기울기를 주었습니다. 마지막 계층부터 첫 계층까지 거꾸로 거쳐 가세요."}
		case strings.HasPrefix(shape.Op, "Affine"):
			return both{"the values of a sample do not fit the rows of W: are the maps before it of the right size (pad, stride, pooling), and does each layer get the output of the one before it, with its own W?", "표본의 값의 개수가 W의 행 수와 맞지 않습니다. 앞의 특징 맵 크기(pad, stride, 풀링)가 맞고, 각 계층에 앞 계층의 출력과 자기 W를 주었나요?"}
		}
	}
	text := fmt.Sprint(value)
	if m := outside.FindStringSubmatch(text); m != nil {
		index, size := m[1]+m[3], m[2]+m[4]
		switch {
		case strings.HasPrefix(index, "-"):
			return both{"an index is below 0: with padding a window begins before the image, where there are zeros. Test for it.", "인덱스가 0보다 작습니다. 패딩이 있으면 윈도가 이미지 앞에서 시작하고, 그곳은 0입니다. 범위를 검사하세요."}
		case index == size:
			return both{"an index is equal to the size: the last one is one less. Is it compared with <= instead of <, or are two sizes swapped?", "인덱스가 크기와 같습니다. 마지막 인덱스는 크기보다 하나 작습니다. < 대신 <=로 비교했거나 두 크기가 뒤바뀌지 않았나요?"}
		}
		return both{"an index is outside the array: are the sizes, the order of the indices and the bounds right?", "인덱스가 배열 밖에 있습니다. 크기, 인덱스의 순서, 범위를 확인하세요."}
	}
	if name, found := strings.CutPrefix(text, noGradient); found {
		return both{"the map has no gradient with the name %s: is it spelt as in the exercise, and did the way back reach that layer?", "맵에 %s의 기울기가 없습니다. 이름이 문제와 같은지, 역전파가 그 계층까지 갔는지 확인하세요."}.with(name)
	}
	if strings.Contains(text, "nil pointer") {
		return both{"an array is nil: is a name in the map spelt as in the exercise (W1, b1, …), or has an array not been made yet?", "nil인 배열을 썼습니다. 맵의 이름이 문제와 같은지(W1, b1, …), 배열을 만들었는지 확인하세요."}
	}
	return both{}
}
