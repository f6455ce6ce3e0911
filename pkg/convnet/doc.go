// Package convnet holds the networks of the class: SimpleConvNet (chapter 7),
// DeepConvNet (chapter 8), and Sequential, of which both are made.
//
// A network has named parameters, W1 and b1 for the first convolution or affine
// layer, W2 and b2 for the next, and answers with gradients under the same names:
//
//	net := convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{})
//	grads := net.Gradient(x, t)
//	opt.Update(net.Params(), grads)
package convnet
