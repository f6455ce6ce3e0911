package exercise

import (
	"math"

	"convbook/pkg/ndarray"
)

// numbers are the numbers that the notebooks ask for.
var numbers = map[string]question{
	// notebook 00
	"pixels in 100 images of 28 x 28": {true, func() float64 { return 100 * 28 * 28 }, []insteadOf{
		{28 * 28, both{"those are the pixels of one image.", "이미지 한 장의 픽셀 수입니다."}},
		{100 * 28, both{"an image has 28 rows of 28 pixels each.", "이미지 한 장에는 28픽셀짜리 행이 28개 있습니다."}},
		{100 * (28 + 28), both{"rows and columns are multiplied, not added.", "행과 열의 수는 더하지 않고 곱합니다."}},
	}},
	// notebook 05
	"first loss with 100 classes": {false, func() float64 { return math.Log(100) }, []insteadOf{
		{2, both{"that is the logarithm to base 10; the loss has the natural one, math.Log.", "밑이 10인 로그입니다. 손실에는 자연로그 math.Log를 씁니다."}},
		{math.Log2(100), both{"that is the logarithm to base 2; the loss has the natural one, math.Log.", "밑이 2인 로그입니다. 손실에는 자연로그 math.Log를 씁니다."}},
		{0.01, both{"that is the probability of the right class; the loss is minus its logarithm.", "정답 클래스의 확률입니다. 손실은 그 로그에 마이너스를 붙인 값입니다."}},
		{-math.Log(100), both{"the sign is missing: the loss is minus the logarithm.", "부호가 빠졌습니다. 손실은 로그에 마이너스를 붙인 값입니다."}},
		{math.Log(10), both{"that is the first loss with 10 classes.", "클래스가 10개일 때의 첫 손실입니다."}},
	}},
	// notebook 07
	"parameters with filters of 3 x 3": {true, func() float64 { return 64*(3*3+1) + (64*13*13+1)*50 + (50+1)*10 }, []insteadOf{
		{64*5*5 + 64 + (64*12*12+1)*50 + 510, both{"that is the network with filters of 5 x 5.", "5 x 5 필터를 쓴 네트워크입니다."}},
		{64*3*3 + 64*13*13*50 + 50*10, both{"the biases are missing: one for each filter and for each unit.", "편향이 빠졌습니다. 필터와 유닛마다 하나씩 있습니다."}},
		{64*(3*3+1) + (64*12*12+1)*50 + 510, both{"the map before pooling is larger now: 28 - 3 + 1 = 26, after pooling 13.", "풀링하기 전의 맵이 커집니다. 28 - 3 + 1 = 26이고 풀링하면 13입니다."}},
		{64*(3*3+1) + (64*26*26+1)*50 + 510, both{"the pooling is missing: 26 x 26 becomes 13 x 13.", "풀링이 빠졌습니다. 26 x 26은 13 x 13이 됩니다."}},
		{64*(3*3+1) + (64*14*14+1)*50 + 510, both{"there is no padding: 28 - 3 + 1 = 26, after pooling 13.", "패딩은 없습니다. 28 - 3 + 1 = 26이고 풀링하면 13입니다."}},
	}},
	// notebook 08
	"standard deviation by He initialization, 16 channels and 3 x 3": {false, func() float64 { return math.Sqrt(2. / (16 * 3 * 3)) }, []insteadOf{
		{0, both{"2 / (16*3*3) is a division of whole numbers, 0 in Go: write 2.0 / (16*3*3).", "2 / (16*3*3)은 정수 나눗셈이라 Go에서 0입니다. 2.0 / (16*3*3)으로 쓰세요."}},
		{2. / (16 * 3 * 3), both{"that is the variance: the standard deviation is its square root.", "그 값은 분산입니다. 표준편차는 그 제곱근입니다."}},
		{math.Sqrt(1. / (16 * 3 * 3)), both{"that is Xavier's: He has 2 above, as Relu halves the variance.", "Xavier의 값입니다. Relu가 분산을 절반으로 줄이므로 He의 분자는 2입니다."}},
		{math.Sqrt(2. / 9), both{"every output sums over all 16 channels: n is 16*3*3.", "출력 하나는 채널 16개에 걸친 합입니다. n은 16*3*3입니다."}},
		{math.Sqrt(2. / 16), both{"every output sums over 3 x 3 pixels of each channel: n is 16*3*3.", "출력 하나는 채널마다 3 x 3 픽셀의 합입니다. n은 16*3*3입니다."}},
		{math.Sqrt(2. / 16 * 3 * 3), both{"brackets are missing: 2.0 / (16*3*3).", "괄호가 빠졌습니다. 2.0 / (16*3*3)입니다."}},
		{math.Sqrt(2. / (28 * 28)), both{"n is what one output sums over, 16*3*3, not the size of the image.", "n은 이미지의 크기가 아니라 출력 하나가 더하는 값의 수 16*3*3입니다."}},
	}},
	// notebook 09
	"accuracy on training images": {true, func() float64 { return 1 }, []insteadOf{
		{50, both{"that is how many are right: divide by the number of images.", "맞은 개수입니다. 이미지의 수로 나누세요."}},
		{0, both{"a division of whole numbers drops the fraction: write float64(right)/float64(test.Len()). Or is nothing counted?", "정수끼리 나누면 소수 부분이 버려집니다. float64(right)/float64(test.Len())으로 쓰세요. 아니면 세지 않은 것은 아닌가요?"}},
	}},
	// notebook 11
	"milliseconds of a step at least": {false, func() float64 { return 507e6 / 200e9 * 1000 }, []insteadOf{
		{507e6 / 200e9, both{"those are seconds.", "그 값은 초입니다."}},
		{507e6 / 200e9 * 1e6, both{"those are microseconds.", "그 값은 마이크로초입니다."}},
		{200e9 / 507e6, both{"those are steps in a second: divide the other way round.", "1초에 갱신하는 횟수입니다. 반대로 나누세요."}},
	}},
	// notebook 12
	"parameters of the fourth convolution": {true, func() float64 { return 32*32*3*3 + 32 }, []insteadOf{
		{32 * 32 * 9, both{"one bias for each filter is missing.", "필터마다 하나씩 있는 편향이 빠졌습니다."}},
		{32*9 + 32, both{"each filter has weights for all 32 channels.", "필터마다 채널 32개의 가중치가 있습니다."}},
		{32 * 9, both{"each filter has weights for all 32 channels, and a bias.", "필터마다 채널 32개의 가중치와 편향이 있습니다."}},
		{32*32*9 + 32*32, both{"there is one bias for each filter, not for each channel of each filter.", "편향은 필터의 채널마다가 아니라 필터마다 하나입니다."}},
	}},
	// notebook 13
	"parameters of a 1 x 1 convolution from 192 to 64 channels": {true, func() float64 { return 192*64 + 64 }, []insteadOf{
		{192 * 64, both{"one bias for each filter is missing.", "필터마다 하나씩 있는 편향이 빠졌습니다."}},
		{192*64 + 192, both{"there is one bias for each of the 64 filters, not for each channel that comes in.", "편향은 입력 채널이 아니라 필터 64개마다 하나입니다."}},
		{64 + 64, both{"a filter of 1 x 1 has a weight for each of the 192 channels.", "1 x 1 필터도 채널 192개마다 가중치를 가집니다."}},
	}},
	// notebook 14
	"overlap of two boxes of 10 x 10, one 5 to the right": {false, func() float64 { return 50. / 150 }, []insteadOf{
		{0.5, both{"the area that both cover together is 150, not 100: 10 x 15.", "두 상자를 합친 넓이는 100이 아니라 10 x 15 = 150입니다."}},
		{50. / 200, both{"the intersection is counted twice in 200: the union is 150.", "200에는 겹친 부분이 두 번 들어 있습니다. 합집합은 150입니다."}},
		{0, both{"a division of whole numbers drops the fraction: write 50.0 / 150.", "정수끼리 나누면 소수 부분이 버려집니다. 50.0 / 150으로 쓰세요."}},
	}},
}

// axesAsked are the shapes of notebook 01, of an x (100, 3, 32, 32).
var axesAsked = map[string]func() []int{
	"x.Transpose(0, 2, 3, 1).Reshape(100, -1)": func() []int { return images().Transpose(0, 2, 3, 1).Reshape(100, -1).Shape() },
	"x.Index(5).Mean(1, 2)":                    func() []int { return images().Index(5).Mean(1, 2).Shape() },
}

func images() *Array { return ndarray.Zeros[float64](100, 3, 32, 32) }

// goals are what a trained network, or a classifier, has to reach.
var goals = map[string]float64{
	"accuracy on 2,000 test garments": 0.87,  // notebook 06
	"accuracy on test images":         0.7,   // notebook 09
	"accuracy on 10,000 test digits":  0.955, // notebook 10
}
