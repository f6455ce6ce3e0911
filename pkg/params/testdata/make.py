"""Writes the arrays of TestFilesOfPython with NumPy and, where it is installed, safetensors:

    python3 make.py FOLDER

The committed files are those of NumPy 1.24.4 and of NumPy 2.4.6 with safetensors 0.8.0.
"""
import pickle
import sys

import numpy as np

folder = sys.argv[1]
major = np.__version__.split(".")[0]
arrays = {
    "W1": (np.arange(6, dtype=np.float32).reshape(2, 3) - 2.5),
    "W2": np.asfortranarray(np.arange(6, dtype=np.float64).reshape(3, 2) / 3),
    "b1": np.array([1.5, -2.25, 1e-300], dtype=">f8"),
    "half": np.array([0.5, -65504, 6e-8], dtype=np.float16),
    "count": np.array([[1, -2], [3, 2**31 - 1]], dtype=np.int32),
    "one": np.array(7.25, dtype=np.float32),
    "none": np.zeros((0, 3), dtype=np.float32),
}
for protocol in range(2, 6):
    with open(f"{folder}/numpy{major}_protocol{protocol}.pkl", "wb") as f:
        pickle.dump(arrays, f, protocol=protocol)
floats = {k: v for k, v in arrays.items() if v.dtype.kind == "f"}
np.savez(f"{folder}/numpy{major}.npz", **floats)
np.savez_compressed(f"{folder}/numpy{major}_compressed.npz", **floats)
try:
    from safetensors.numpy import save_file
    save_file({k: v.astype(v.dtype.newbyteorder("<")).copy(order="C") for k, v in floats.items()},
              f"{folder}/python.safetensors", metadata={"made by": "safetensors"})
except ImportError:
    pass
