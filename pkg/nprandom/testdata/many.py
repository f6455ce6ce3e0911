# Prints the digests of 200,000 numbers of each kind that NumPy draws after each seed.
#     python3 many.py 0 1 42 12345 4294967295 > many.json     (NumPy 1.26, glibc 2.36)
import hashlib
import json
import sys
import numpy as np

n = 200_000
rows = []
for seed in map(int, sys.argv[1:]):
    R = lambda: np.random.RandomState(seed)
    whole = lambda a: np.asarray(a).astype("<i8")
    kinds = {
        "rand": R().rand(n), "randn": R().randn(n), "uniform": R().uniform(-6, -2, n),
        "randint": whole(R().randint(-100, 2**31, n)), "choice": whole(R().choice(6000, n)), "permutation": whole(R().permutation(n)),
    }
    rows.append({"seed": seed, "digests": {kind: hashlib.sha256(a.tobytes()).hexdigest() for kind, a in kinds.items()}})
print(json.dumps(rows, indent=1))
