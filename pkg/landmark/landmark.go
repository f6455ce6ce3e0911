package landmark

// Network is a published network: what it is, what it costs for one image, and
// how well it did.
type Network struct {
	Name string
	Year int
	// Idea is what the network brought, in English and in Korean.
	Idea, IdeaKorean string
	// Parameters are weights and biases; MultiplyAdds are counted for one image.
	Parameters, MultiplyAdds int64
	// Top5 is the share, in percent, of ImageNet's images whose class is not among
	// the network's first five, for a single network that sees several crops of
	// each image; 0 for LeNet, which read digits.
	Top5 float64
	// Source is the paper, and where Top5 stands in it.
	Source string
}

// Networks returns the landmarks of section 8.2 in the order of their years.
// The errors are the papers' own, on the validation images of ILSVRC-2012.
func Networks() []Network {
	networks := []Network{
		{Name: "LeNet-5", Year: 1998, Idea: "convolution and subsampling, learned", IdeaKorean: "학습하는 합성곱과 서브샘플링",
			Source: "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition"},
		{Name: "AlexNet", Year: 2012, Idea: "Relu, dropout, GPUs", IdeaKorean: "Relu, 드롭아웃, GPU", Top5: 18.2,
			Source: "Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks, table 2, 1 CNN"},
		{Name: "VGG-16", Year: 2014, Idea: "3x3 filters only, in blocks", IdeaKorean: "3x3 필터만 쌓은 블록", Top5: 7.2,
			Source: "Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition, table 5, D"},
		{Name: "GoogLeNet", Year: 2014, Idea: "branches of several sizes, 1x1 convolutions", IdeaKorean: "여러 크기의 가지와 1x1 합성곱", Top5: 7.89,
			Source: "Szegedy et al.: Going deeper with convolutions, table 3, 1 model, 144 crops"},
		{Name: "ResNet-50", Year: 2015, Idea: "skips: a block learns what to add", IdeaKorean: "스킵 연결: 블록은 더할 값만 학습", Top5: 6.71,
			Source: "He, Zhang, Ren, Sun: Deep residual learning for image recognition, table 3, 10 crops"},
	}
	for i, walk := range []func() *count{leNet5, alexNet, vgg16, googLeNet, resNet50} {
		x := walk()
		networks[i].Parameters, networks[i].MultiplyAdds = x.parameters, x.multiplyAdds
	}
	return networks
}
