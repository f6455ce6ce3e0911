// Package scene puts several images of a data set onto larger canvases, and knows
// what is where: the material of detection (which classes, in which boxes?)
// and of segmentation (which class has each pixel?), with the measures of both.
//
//	scenes := scene.Draw[float32](nprandom.New(0), data.Test, 100, 84, 3)
//	scenes.Images         // (100, 1, 84, 84)
//	scenes.Boxes[0]       // three boxes with their classes
//	scenes.Masks[0]       // 84·84 classes, scene.Background where there is nothing
package scene
