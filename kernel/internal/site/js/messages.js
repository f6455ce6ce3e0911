/**
 * What the page and its Worker say to each other. Every message of the page has a number and is answered under it, in
 * turn; what happens while the network trains comes without one. An error is an answer like any other: the Worker
 * goes on as it was.
 *
 * Arrays of numbers are typed arrays in row-major order, images (H, W) of bytes from 0, black, to 255, white.
 */

/** @typedef {"relu" | "sigmoid"} Activation */
/** @typedef {"sgd" | "momentum" | "nesterov" | "adagrad" | "rmsprop" | "adam"} Optimizer */

/**
 * What a network and its training are made of. One that a message leaves out is as in the settings before.
 *
 *     conv - activation - pool - … - affine - activation - [dropout] - affine - softmax
 *
 * @typedef {object} Settings
 * @property {string} kind of the images: one of Begun.kinds, or of Dropped.kind
 * @property {number} train how many of the training images are trained on, from the first
 * @property {number[]} filters of each convolution, 1 to 3 of them, 1 to 64 each
 * @property {number} size of the filters, 1 to 11
 * @property {number} pad zeros around what a convolution sees, 0 to 5
 * @property {number} pool size and stride of the poolings, 1 for none, to 4
 * @property {number} hidden neurons, 1 to 500
 * @property {number} dropout ratio after the hidden layer, 0 for none, below 1
 * @property {number | "he" | "xavier"} std standard deviation of the initial weights
 * @property {Optimizer} optimizer
 * @property {number} rate the learning rate, above 0
 * @property {number} batch images in a step, 1 to 100
 * @property {number} seed of weights, batches and dropout, as nprandom.New takes it
 * @property {Activation} activation
 */

/**
 * @typedef {object} Kind a data set
 * @property {string} kind
 * @property {string} title MNIST, Fashion-MNIST, …
 * @property {number} train images
 * @property {number} test images
 * @property {[number, number]} size height and width
 * @property {string[]} names of the classes
 * @property {boolean} standIn drawn, because the machine that made the site had no real images: the page must say so
 * @property {boolean} own dropped files that are not those that are distributed under the name
 */

/**
 * @typedef {object} Layer
 * @property {string} name Conv1, Relu1, Pool1, …, as the notebooks have it
 * @property {string} kind Convolution, Relu, Pooling, …
 * @property {number[]} shape of what it gives for one image
 * @property {number} params how many numbers it learns
 */

/**
 * A layer as the figure of pkg/explore draws it, those of blocks one by one.
 *
 * @typedef {object} Drawn
 * @property {string} kind conv, pool, average, affine, relu, sigmoid, scale; sum and join where a block ends
 * @property {string} name
 * @property {number[]} from the layers that it reads, -1 for the image
 * @property {[number, number]} [window]
 * @property {number} [stride]
 * @property {number} [pad]
 * @property {number} [filters]
 * @property {number} [units]
 * @property {string[]} arrays what its arrays are called in Weights: W1 and b1, or scale1 and shift1
 */

/** @typedef {{ name: string, shape: number[], values: Float32Array }} Values */
/** @typedef {{ set: "train" | "test", index: number } | { pixels: Uint8Array }} Image which image is looked at: one of a set, or one of the page's own */
/** @typedef {{ name: string, bytes: Uint8Array }} File */

// What the page asks. Fields of answers stand below.

/** @typedef {{ do: "begin", program: ArrayBuffer, images: ArrayBuffer }} Begin the first message: window.convbookProgram and window.convbookImages, unpacked. Answered by Begun */
/** @typedef {{ do: "build", settings: Partial<Settings> }} Build makes a new network. Answered by Built */
/** @typedef {{ do: "start" }} Start trains until Pause. Answered by Done */
/** @typedef {{ do: "pause" }} Pause ends training after the step that runs. Answered by Done; a last Steps comes before, Measured after it */
/** @typedef {{ do: "step" }} Step trains one step. Answered by Steps */
/** @typedef {{ do: "look", image: Image }} Look what all layers make of an image, in evaluation. Answered by Seen */
/** @typedef {{ do: "gradients" }} AskGradients those of the last step; before the first, those that it will have. Answered by Gradients */
/** @typedef {{ do: "weights", names?: string[] }} AskWeights all parameters, or some. Answered by Weights */
/** @typedef {{ do: "images", set: "train" | "test", from: number, count: number }} AskImages images to choose from, 100 at most. Answered by Images */
/** @typedef {{ do: "load", file: File, settings?: Partial<Settings> }} Load a network from a file: as the file describes it, else as the shapes in it tell. settings are those that no file tells: how to train, and where it does not describe the network activation and dropout; with them the images are not chosen by how many the network reads. Answered by Loaded */
/** @typedef {{ do: "save", format: "npz" | "safetensors" }} Save Answered by Saved */
/** @typedef {{ do: "data", files: File[] }} Data images from files as they are downloaded: training images and labels, test images and labels, compressed or not. Answered by Dropped */
/** @typedef {Begin | Build | Start | Pause | Step | Look | AskGradients | AskWeights | AskImages | Load | Save | Data} Ask */
/** @typedef {Ask & { id: number }} Message what the page posts */

// What the Worker answers.

/** @typedef {{ say: "begun", kinds: Kind[], settings: Settings }} Begun settings to begin with */
/** @typedef {{ say: "built", layers: Layer[], total: number, data: Kind, settings: Settings, network: string, own: boolean, drawn: Drawn[] }} Built total: of numbers that are learned; network: as its Description has it; own: that it is not what settings make, but what a file describes */
/** @typedef {{ say: "done", step: number, training: boolean }} Done */
/** @typedef {{ say: "steps", step: number, epoch: number, losses: number[], msPerStep: number }} Steps losses of the steps since the last Steps, the last of them that of step; epoch is how often as many images as there are were drawn, with its fraction. At most ten a second */
/** @typedef {{ say: "measured", step: number, train: number, test: number, of: [number, number] }} Measured accuracies from 0 to 1, of so many training and test images, the first ones, the same each time. After Built and Loaded, while training, after Pause */
/** @typedef {{ say: "seen", image: Uint8Array, label: number, layers: Values[], scores: Float32Array, probabilities: Float32Array, predicted: number }} Seen label is -1 where nobody knows; layers are what each gives, (C, H, W) or (n); scores are those of the last */
/** @typedef {{ name: string, shape: number[], values: Float32Array, norm: number, largest: number }} Gradient norm: the square root of the sum of squares; largest: the largest magnitude */
/** @typedef {{ say: "gradients", step: number, loss: number, parameters: Gradient[] }} Gradients */
/** @typedef {{ say: "weights", step: number, parameters: Values[], scales: Values[] }} Weights W1 (FN, C, FH, FW), b1, … in the order of the layers; scale1, shift1, …: what Dropout and batch normalisation multiply with and add when they predict */
/** @typedef {{ say: "images", set: "train" | "test", from: number, size: [number, number], pixels: Uint8Array, labels: number[] }} Images one behind the other; fewer than asked for where the set ends */
/** @typedef {{ say: "loaded", layers: Layer[], total: number, data: Kind, settings: Settings, network: string, own: boolean, drawn: Drawn[], by: "file" | "images" | "settings", assumed: string[], right: [number, number] }} Loaded by what the network is known: the file says it, of those of its shapes it reads the most images, or none of them stands out; assumed: the names of settings that are open then and that were taken from the settings before; right: how many of so many test images it reads, of 0 where none were tried */
/** @typedef {{ say: "saved", name: string, bytes: Uint8Array }} Saved */
/** @typedef {{ say: "data", data: Kind }} Dropped they are used from the next Build on that asks for this kind */
/** @typedef {{ say: "error", en: string, ko: string }} Failed one or two lines. Without a number: the training has ended by itself, because the loss is no number any more, or the Worker has */
/** @typedef {Begun | Built | Done | Steps | Measured | Seen | Gradients | Weights | Images | Loaded | Saved | Dropped | Failed} Answer */
/** @typedef {Answer & { id?: number }} Said what the Worker posts: with the number of the message that it answers, or, while the network trains, without */

export {};
