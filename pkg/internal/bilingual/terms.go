package bilingual

// terms are what the packages and the notebooks write on axes, in legends and at the heads of
// tables; # is a number.
var terms = map[string]string{
	"accuracy": "정확도", "accuracy in percent": "정확도(%)", "test accuracy": "시험 정확도", "training accuracy": "훈련 정확도",
	"accuracy on training images": "훈련 이미지 정확도", "accuracy on test images": "시험 이미지 정확도", "final test accuracy": "최종 시험 정확도",
	"test accuracy of each seed": "시드별 시험 정확도", "test accuracy of three seeds": "시드 3개의 시험 정확도", "read as labelled": "레이블대로 읽은 비율",
	"mean of # seeds": "시드 #개의 평균", "mean and spread of # seeds": "시드 #개의 평균과 표준편차", "# networks": "네트워크 #개",
	"train": "훈련", "training": "훈련", "test": "시험", "validation": "검증", "training images": "훈련 이미지", "test images": "시험 이미지",
	"epoch": "에폭", "epochs": "에폭", "step": "갱신 횟수", "steps": "갱신 횟수", "steps of training": "갱신 횟수", "update": "갱신 횟수", "updates": "갱신 횟수", "iterations": "반복",
	"loss": "손실", "training loss": "훈련 손실", "test loss": "시험 손실", "each step": "갱신마다", "smoothed": "이동 평균",
	"learning rate": "학습률", "rate": "학습률", "weight": "가중치", "weights": "가중치", "bias": "편향", "biases": "편향", "gradient": "기울기", "gradients": "기울기",
	"size of the gradient": "기울기의 크기", "size of its values": "값의 크기", "activations": "활성화 값", "activation": "활성화 함수", "initial weights": "가중치의 초깃값",
	"filter": "필터", "filters": "필터", "channel": "채널", "channels": "채널", "channel #": "채널 #", "feature map": "특징 맵", "feature maps": "특징 맵", "map #": "맵 #", "their sum": "합",
	"convolution": "합성곱", "pooling": "풀링", "padding": "패딩", "pad": "패딩", "pad #": "패딩 #", "stride": "스트라이드", "window": "윈도", "windows": "윈도",
	"layer": "계층", "layers": "계층", "depth": "깊이", "network": "네트워크", "networks": "네트워크", "parameters": "매개변수", "hidden": "은닉 뉴런", "dropout": "드롭아웃",
	"batch": "배치", "batch size": "배치 크기", "images in a batch": "배치의 이미지 수", "optimizer": "최적화 기법", "seed": "시드", "seeds": "시드 수", "settings": "설정", "change": "달라진 설정", "none": "없음",
	"size": "크기", "init": "초깃값", "norm": "정규화", "dropouts": "드롭아웃 수", "convolutions": "합성곱 수", "digits": "숫자", "learn": "학습 범위", "start": "시작 가중치",
	"images": "이미지", "image": "이미지", "row": "행", "row #": "#행", "rows": "행", "column": "열", "columns": "열", "pixel": "픽셀", "pixels": "픽셀",
	"value": "값", "values": "값", "count": "개수", "number": "개수", "share": "비율", "mean": "평균", "std": "표준편차", "standard deviation": "표준편차", "no values": "값 없음",
	"lowest": "최솟값", "highest": "최댓값", "largest": "최댓값", "class": "클래스", "classes": "클래스", "true class": "정답 클래스", "taken for": "예측 클래스", "label": "레이블", "answer": "답", "class of the nearest": "가장 가까운 이미지의 클래스",
	"name": "이름", "shape": "형상", "output": "출력", "output shape": "출력 형상", "input": "입력", "forward": "순전파", "backward": "역전파", "error": "오차", "relative error": "상대 오차", "difference": "차이",
	"time": "시간", "seconds": "초", "times": "배", "µs per image": "이미지당 마이크로초", "times as fast": "속도(배)", "cores": "코어 수", "kernels": "커널", "ms a step": "갱신당 밀리초", "measured": "측정값", "simulated": "시뮬레이션", "ideal": "이상적인 값", "published": "공표값",
	"kind": "종류", "strength": "세기",
	"operations": "연산 수", "operations per byte": "바이트당 연산 수", "multiply-adds": "곱셈·덧셈 수", "memory": "메모리", "year": "연도", "examples": "예", "recorded": "기록",
	"before training": "학습 전", "after training": "학습 후", "and # more": "외 #개", "from percent": "퍼센트에서 환산",
	"each to its own largest value": "각자의 최댓값 기준", "each from its own lowest to highest value": "각자의 최솟값~최댓값",
	"on drawn stand-in images": "그려서 만든 대체 이미지 사용", "not the real data": "실제 데이터 아님",
	"t-shirt/top": "티셔츠", "trouser": "바지", "pullover": "풀오버", "dress": "원피스", "coat": "코트", "sandal": "샌들", "shirt": "셔츠", "sneaker": "운동화", "bag": "가방", "ankle boot": "앵클부츠",
	"shift": "이동", "rotate": "회전", "bend": "구부림", "noise": "잡음", "is #": "레이블: #", "scale": "크기", "flip": "뒤집기",
}

// leads stand before a term, as in "taken for Shirt" under an image.
var leads = []struct{ english, korean string }{{"taken for ", "예측: "}, {"is ", "레이블: "}, {"true ", "정답: "}}
