package gpu_test

import (
	"context"
	"fmt"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/gpu"
	"convbook/pkg/internal/device"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

func ExampleOpen() {
	device, err := gpu.Open()
	if err != nil {
		fmt.Println(err) // what to install
		return
	}
	defer device.Close()
	rng := nprandom.New(0)
	net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{})
	data := dataset.Must(dataset.Open("fashion"))
	trainer.Must(trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 1, Rng: rng, Verbose: true, Device: device}))
}

func ExampleOpenNamed() {
	device, err := gpu.OpenNamed("H200")
	if err != nil {
		fmt.Println(err) // which devices there are
		return
	}
	defer device.Close()
	fmt.Println(device.Name(), "is a", device.Kind())
}

func ExampleOpenGPU() {
	device, err := gpu.OpenGPU()
	if err != nil {
		fmt.Println(err)
		fmt.Println("the cores do it, unless", gpu.DeviceVariable, "names another device")
		return
	}
	defer device.Close()
	fmt.Println("training on", device.Name())
}

func ExampleNames() {
	names, err := gpu.Names()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the best one is", names[0])
}

func ExampleCountStep() {
	net := convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{})
	train := dataset.Must(dataset.Open("fashion")).Train.Head(1000)
	training := device.Work{Input: net.InputShape(), Names: net.LayerNames(), Optimizer: optimizer.NewAdam[float32](0.001), Batch: 100, Train: train}
	for _, name := range net.LayerNames() {
		training.Layers = append(training.Layers, net.Layer(name))
	}
	for _, name := range net.ParamNames() {
		training.Learn = append(training.Learn, device.Param{Name: name, Values: net.Params()[name].Data()})
	}
	step, err := gpu.CountStep(training)
	if err != nil {
		fmt.Println(err) // which layer does not run there
		return
	}
	fmt.Println("a step:", len(step.Kernels), "kernels")
	training.Sets = append(training.Sets, train)
	if evaluation, err := gpu.CountEvaluation(training); err == nil {
		fmt.Println("an evaluation:", len(evaluation.Kernels), "kernels")
	}
}
