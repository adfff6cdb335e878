"""Makes ridge-logistic.json: ridge logistic fits found without Newton's method, in plain Python 3.

Cyclic coordinate descent; each coordinate's derivative is a monotone function, so its root is found by bisection.
Slow, and shares no code or idea with the kernel but the objective. Run: python3 ridge-logistic.py > ridge-logistic.json
"""

import json
import math


def chance(seed):
    """Park and Miller's minimal standard generator: uniform in (0, 1)."""
    state = seed
    while True:
        state = state * 48271 % 2147483647
        yield state / 2147483647


def made(seed, rows, columns, weighted, shifted):
    u = chance(seed)
    x = [[1.0] + [round(3 * next(u) - 1.5, 3) for _ in range(columns - 1)] for _ in range(rows)]
    y = [1 if next(u) < 1 / (1 + math.exp(-0.4 - 0.9 * row[1])) else 0 for row in x]
    weight = [round(0.2 + 2 * next(u), 2) for _ in x] if weighted else None
    offset = [round(next(u) - 0.5, 3) for _ in x] if shifted else None
    return x, y, weight, offset


def fit(x, y, weight, offset, penalty):
    rows, columns = len(x), len(x[0])
    w = weight or [1.0] * rows
    b = [0.0] * columns
    eta = list(offset or [0.0] * rows)
    for _ in range(5000):
        moved = 0.0
        for j in range(columns):
            def slope(change):
                total = penalty[j] * (b[j] + change)
                for i in range(rows):
                    total += w[i] * x[i][j] * (1 / (1 + math.exp(-eta[i] - change * x[i][j])) - y[i])
                return total
            low, high = -1.0, 1.0
            while high - low > 1e-15:
                middle = (low + high) / 2
                if middle in (low, high):
                    break
                if slope(middle) > 0:
                    high = middle
                else:
                    low = middle
            change = (low + high) / 2
            b[j] += change
            for i in range(rows):
                eta[i] += change * x[i][j]
            moved = max(moved, abs(change))
        if moved < 1e-13:
            break
    return b


cases = []
for seed, rows, columns, weighted, shifted, penalty in [
    (11, 40, 3, False, False, [0.0, 1.0, 1.0]),
    (12, 60, 4, True, False, [0.001, 5.0, 0.5, 20.0]),
    (13, 50, 4, True, True, [0.0, 0.1, 10.0, 3.0]),
]:
    x, y, weight, offset = made(seed, rows, columns, weighted, shifted)
    cases.append({"x": x, "y": y, "weight": weight, "offset": offset, "penalty": penalty,
                  "coefficients": fit(x, y, weight, offset, penalty)})
print(json.dumps(cases))
