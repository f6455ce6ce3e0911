package exercise

// walkSlips are the slips of loops over windows, for any rule that has a walk.
func walkSlips[R any](of func(*R) []*walk) []slip[R] {
	var slips []slip[R]
	add := func(change func(*walk), english, korean string) {
		slips = append(slips, slip[R]{func(r *R) {
			for _, k := range of(r) {
				change(k)
			}
		}, both{english, korean}})
	}
	var oneSided []slip[R]
	sides := func(change func(*walk), english, korean string) { // a slip that may be made on one side only
		add(change, english, korean)
		for i, where := range []both{
			{" Only the row is wrong; the column is right.", " 행만 틀렸고 열은 맞습니다."},
			{" Only the column is wrong; the row is right.", " 열만 틀렸고 행은 맞습니다."},
		} {
			only := rowsOnly + side(i)
			oneSided = append(oneSided, slip[R]{func(r *R) {
				for _, k := range of(r) {
					change(k)
					k.only = only
				}
			}, both{english + where.english, korean + where.korean}})
		}
	}
	add(func(k *walk) { k.out, k.begin = sizeNoPad, beginAtZero },
		"the padding is missing: around the image lie pad rows and columns of zeros. pad belongs to the output size and to the row and the column that are read.",
		"패딩이 빠졌습니다. 이미지 둘레에 0이 pad줄씩 있습니다. 출력 크기와, 읽는 행과 열을 구할 때 모두 pad가 들어갑니다.")
	sides(func(k *walk) { k.begin = beginAtZero },
		"with padding the first window begins pad pixels before the image: subtract pad from row and column.",
		"패딩이 있으면 첫 윈도는 이미지보다 pad만큼 앞에서 시작합니다. 행과 열에서 pad를 빼세요.")
	sides(func(k *walk) { k.begin = beginAfter },
		"pad has the wrong sign: the first window begins pad pixels before the image, so pad is subtracted.",
		"pad의 부호가 반대입니다. 첫 윈도는 이미지보다 pad만큼 앞에서 시작하므로 pad를 뺍니다.")
	add(func(k *walk) { k.out, k.step = sizeNoStride, stepOne },
		"the stride is missing: the next window begins stride pixels further, so that fewer windows fit.",
		"스트라이드가 빠졌습니다. 다음 윈도는 stride만큼 떨어진 곳에서 시작하므로 들어가는 윈도의 수도 줄어듭니다.")
	sides(func(k *walk) { k.step = stepOne },
		"the stride is missing where the pixel is computed: window oh begins in the row oh*stride - pad.",
		"픽셀의 위치를 구할 때 스트라이드가 빠졌습니다. oh번째 윈도는 oh*stride - pad 행에서 시작합니다.")
	sides(func(k *walk) { k.step = stepWindow },
		"the windows go on by their own size: the next one begins stride pixels further.",
		"윈도가 자기 크기만큼 움직입니다. 다음 윈도는 stride만큼 떨어진 곳에서 시작합니다.")
	add(func(k *walk) { k.out, k.step = sizeByWindow, stepWindow },
		"the size of the window is used as the stride, in the output size and in the steps: use stride.",
		"출력 크기와 이동 간격에 stride 대신 윈도 크기를 썼습니다. stride를 쓰세요.")
	add(func(k *walk) { k.step = stepAll },
		"the stride counts between windows, not within one: oh*stride + fh, not (oh + fh)*stride.",
		"stride는 윈도와 윈도 사이의 간격입니다. (oh + fh)*stride가 아니라 oh*stride + fh입니다.")
	add(func(k *walk) { k.order = orderColumns },
		"the windows are in another order: first along a row of the image (ow), then down (oh).",
		"윈도의 순서가 다릅니다. 먼저 가로(ow)로, 그다음 세로(oh)로 나아갑니다.")
	add(func(k *walk) { k.order = orderImageLast },
		"the windows are in another order: all windows of image 0 come first, then those of image 1: (n*OH + oh)*OW + ow.",
		"윈도의 순서가 다릅니다. 이미지 0의 윈도가 모두 나온 뒤 이미지 1의 윈도가 나옵니다. (n*OH + oh)*OW + ow입니다.")
	add(func(k *walk) { k.order = orderOneSide },
		"the row number is (n*OH + oh)*OW + ow: one side of the output, OH, is used for both.",
		"행 번호는 (n*OH + oh)*OW + ow입니다. 출력의 한쪽 크기 OH를 두 곳에 썼습니다.")
	add(func(k *walk) { k.order = orderSplitOther },
		"one side of the output, OH, is used for both where the row number is split: ow = row%OW, oh = row/OW%OH.",
		"행 번호를 나눌 때 한쪽 크기 OH를 두 곳에 썼습니다. ow = row%OW, oh = row/OW%OH입니다.")
	add(func(k *walk) { k.taps = tapsChannelsLast },
		"within a row the channels come one after the other: all of channel 0, then all of channel 1.",
		"한 행 안에서는 채널이 차례로 이어집니다. 채널 0이 모두 나온 뒤 채널 1이 나옵니다.")
	add(func(k *walk) { k.taps = tapsColumns },
		"within a window the values go along its rows: fw runs quickest.",
		"윈도 안에서는 가로 방향으로 읽습니다. fw가 가장 빨리 변합니다.")
	add(func(k *walk) { k.taps = tapsSwapped },
		"the window's row and column, fh and fw, are swapped: the row comes first.",
		"윈도의 행 fh와 열 fw가 뒤바뀌었습니다. 행이 먼저입니다.")
	add(func(k *walk) { k.taps = tapsSplitOther },
		"the window's rows and columns, fh and fw, are swapped where the column number is split: fw = column%filterW.",
		"열 번호를 나눌 때 윈도의 행과 열, fh와 fw가 뒤바뀌었습니다. fw = column%filterW입니다.")
	add(func(k *walk) { k.taps = tapsTurned },
		"the window is turned around by half a turn: take it as it is, (fh, fw) with (fh, fw).",
		"윈도가 180도 뒤집혔습니다. (fh, fw)에는 (fh, fw)를 그대로 쓰세요.")
	add(func(k *walk) { k.firstImage = true },
		"the first image is used for all: use the index n.",
		"모든 이미지에 첫 번째 이미지를 썼습니다. 인덱스 n을 쓰세요.")
	add(func(k *walk) { k.firstChannel = true },
		"the first channel is used for all: use the index c.",
		"모든 채널에 첫 번째 채널을 썼습니다. 인덱스 c를 쓰세요.")
	add(func(k *walk) { k.pixelsSwapped = true },
		"row and column of the image are swapped: At(n, c, row, column).",
		"이미지의 행과 열이 뒤바뀌었습니다. At(n, c, 행, 열) 순서입니다.")
	sides(func(k *walk) { k.bounds = boundsAboveZero },
		"the first row and column of the image, number 0, belong to it: test y >= 0, not y > 0.",
		"이미지의 첫 행과 첫 열(0번)도 이미지입니다. y > 0이 아니라 y >= 0을 검사하세요.")
	sides(func(k *walk) { k.bounds = boundsShort },
		"the last row and column of the image belong to it: test y < H.",
		"이미지의 마지막 행과 열도 이미지입니다. y < H를 검사하세요.")
	add(func(k *walk) { k.bounds = boundsNone },
		"with padding some pixels lie outside the image: test the bounds, 0 <= row < H and 0 <= column < W.",
		"패딩이 있으면 이미지 바깥의 픽셀도 생깁니다. 0 <= 행 < H, 0 <= 열 < W인지 검사하세요.")
	sides(func(k *walk) { k.bounds = boundsUpperOnly },
		"a window may begin before the image, in row or column -1: test y >= 0 as well as y < H.",
		"윈도는 이미지보다 앞, 곧 -1번 행이나 열에서 시작할 수 있습니다. y < H뿐 아니라 y >= 0도 검사하세요.")
	sides(func(k *walk) { k.bounds = boundsLoose },
		"the last row is H - 1: the bounds are y < H, not y <= H.",
		"마지막 행은 H - 1입니다. y <= H가 아니라 y < H를 검사하세요.")
	add(func(k *walk) { k.bounds = boundsOneSide },
		"the height H is used for both sides: columns are compared with the width W.",
		"높이 H를 두 방향에 썼습니다. 열은 너비 W와 비교하세요.")
	add(func(k *walk) { k.out = sizePadOnce },
		"the padding lies on both sides: oh = (h + 2*pad - filterH)/stride + 1.",
		"패딩은 양쪽에 있습니다. oh = (h + 2*pad - filterH)/stride + 1입니다.")
	add(func(k *walk) { k.out = sizeNoPad },
		"the padding is missing in the output size: oh = (h + 2*pad - filterH)/stride + 1.",
		"출력 크기에 패딩이 빠졌습니다. oh = (h + 2*pad - filterH)/stride + 1입니다.")
	add(func(k *walk) { k.out = sizeNoOne },
		"one window is missing along each side: oh = (h + 2*pad - filterH)/stride + 1.",
		"가로세로로 윈도가 하나씩 모자랍니다. oh = (h + 2*pad - filterH)/stride + 1입니다.")
	add(func(k *walk) { k.out = sizeNoStride },
		"the stride is missing in the output size: oh = (h + 2*pad - filterH)/stride + 1.",
		"출력 크기에 스트라이드가 빠졌습니다. oh = (h + 2*pad - filterH)/stride + 1입니다.")
	add(func(k *walk) { k.out = sizePrecedence },
		"brackets are missing in the output size: the whole of h + 2*pad - filterH is divided by stride.",
		"출력 크기에 괄호가 빠졌습니다. h + 2*pad - filterH 전체를 stride로 나눕니다.")
	add(func(k *walk) { k.out = sizeOneSide },
		"one side of the output is used for both: the width OW comes from W and filterW.",
		"출력의 한쪽 크기를 두 곳에 썼습니다. 너비 OW는 W와 filterW로 구합니다.")
	return append(slips, oneSided...)
}
