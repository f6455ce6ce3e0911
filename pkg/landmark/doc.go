// Package landmark counts the parameters and the arithmetic of the networks that
// section 8.2 of the book calls landmarks (LeNet, AlexNet, VGG, GoogLeNet,
// ResNet), in their published size and with the errors that their papers
// report. Nothing is allocated: a network is walked shape by shape.
//
//	x := counted(3, 224, 224)    // (C, H, W)
//	x.conv(64, 3, 1, 1)          // 64 filters of 3x3: 64·3·3·3 + 64 parameters
//	x.pool(2, 2, 0)              // (64, 112, 112)
package landmark
