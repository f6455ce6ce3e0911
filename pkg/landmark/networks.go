package landmark

// leNet5 is LeNet-5 on images of 32x32. Its poolings have a weight and a bias
// for each map, and the filters of C3 see three, four or all six of the maps
// before them, ten maps of S2 on average (LeCun et al., 1998, table 1).
func leNet5() *count {
	x := counted(1, 32, 32)
	x.conv(6, 5, 1, 0)
	x.subsample()
	const connections = 60 // of filters of C3 with maps of S2
	x.height, x.width = 10, 10
	x.parameters += connections*25 + 16
	x.multiplyAdds += connections * 25 * 10 * 10
	x.channels = 16
	x.subsample()
	x.conv(120, 5, 1, 0)
	x.affine(84)
	x.multiplyAdds += 84 * 10 // distances to ten fixed patterns
	return x
}

// subsample is LeNet's pooling: the mean of 2x2 pixels, times a weight, plus a
// bias.
func (x *count) subsample() {
	x.height, x.width = x.height/2, x.width/2
	x.parameters += int64(2 * x.channels)
	x.multiplyAdds += int64(4 * x.channels * x.height * x.width)
}

// alexNet has two groups of filters where it ran on two GPUs (Krizhevsky et al.,
// 2012, section 3.5; 227 pixels, for 224 do not give 55x55).
func alexNet() *count {
	x := counted(3, 227, 227)
	x.conv(96, 11, 4, 0)
	x.pool(3, 2, 0)
	x.grouped(256, 5, 1, 2, 2)
	x.pool(3, 2, 0)
	x.conv(384, 3, 1, 1)
	x.grouped(384, 3, 1, 1, 2)
	x.grouped(256, 3, 1, 1, 2)
	x.pool(3, 2, 0)
	x.affine(4096)
	x.affine(4096)
	x.affine(1000)
	return x
}

// vgg16 is configuration D (Simonyan and Zisserman, 2014, table 1).
func vgg16() *count {
	x := counted(3, 224, 224)
	for _, block := range []struct{ filters, convolutions int }{{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}} {
		for range block.convolutions {
			x.conv(block.filters, 3, 1, 1)
		}
		x.pool(2, 2, 0)
	}
	x.affine(4096)
	x.affine(4096)
	x.affine(1000)
	return x
}

// googLeNet is what remains after training, without the two classifiers at its
// side (Szegedy et al., 2014, table 1).
func googLeNet() *count {
	x := counted(3, 224, 224)
	x.conv(64, 7, 2, 3)
	x.pool(3, 2, 0)
	x.conv(64, 1, 1, 0)
	x.conv(192, 3, 1, 1)
	x.pool(3, 2, 0)
	x.inception(64, 96, 128, 16, 32, 32)
	x.inception(128, 128, 192, 32, 96, 64)
	x.pool(3, 2, 0)
	x.inception(192, 96, 208, 16, 48, 64)
	x.inception(160, 112, 224, 24, 64, 64)
	x.inception(128, 128, 256, 24, 64, 64)
	x.inception(112, 144, 288, 32, 64, 64)
	x.inception(256, 160, 320, 32, 128, 128)
	x.pool(3, 2, 0)
	x.inception(256, 160, 320, 32, 128, 128)
	x.inception(384, 192, 384, 48, 128, 128)
	x.average()
	x.affine(1000)
	return x
}

// inception joins four branches along the channels: 1x1; 1x1 then 3x3; 1x1 then
// 5x5; pooling then 1x1. The arguments are a row of the paper's table.
func (x *count) inception(one, reduce3, three, reduce5, five, pooled int) {
	x.take(one+three+five+pooled,
		x.branch(func(b *count) { b.conv(one, 1, 1, 0) }),
		x.branch(func(b *count) { b.conv(reduce3, 1, 1, 0); b.conv(three, 3, 1, 1) }),
		x.branch(func(b *count) { b.conv(reduce5, 1, 1, 0); b.conv(five, 5, 1, 2) }),
		x.branch(func(b *count) { b.conv(pooled, 1, 1, 0) }))
}

// resNet50 has 16 blocks of three convolutions beside a skip (He et al., 2015,
// table 1); the first 1x1 of a stage halves the map.
func resNet50() *count {
	x := counted(3, 224, 224)
	x.normalized(64, 7, 2, 3)
	x.height, x.width = outSize(x.height, 3, 2, 1, false), outSize(x.width, 3, 2, 1, false) // pooling
	for stage, blocks := range []int{3, 4, 6, 3} {
		for block := range blocks {
			stride := 1
			if block == 0 && stage > 0 {
				stride = 2
			}
			x.bottleneck(64<<stage, stride, block == 0)
		}
	}
	x.average()
	x.affine(1000)
	return x
}

// bottleneck is 1x1, 3x3 and 1x1 with four times as many filters; the skip is a
// 1x1 convolution where the shape changes.
func (x *count) bottleneck(filters, stride int, projected bool) {
	branches := []*count{x.branch(func(b *count) {
		b.normalized(filters, 1, stride, 0)
		b.normalized(filters, 3, 1, 1)
		b.normalized(4*filters, 1, 1, 0)
	})}
	if projected {
		branches = append(branches, x.branch(func(b *count) { b.normalized(4*filters, 1, stride, 0) }))
	}
	x.take(4*filters, branches...)
}
