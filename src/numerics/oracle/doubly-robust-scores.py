"""Makes doubly-robust-scores.json: reference values for scores, sensitivity bounds and pooling, by other roads than the kernels.

Leave-one-out variances by refitting, curves by numerical integration, extreme weights by trying every one of them, the
hierarchy by a dense grid on another scale. Needs numpy. Run: python3 doubly-robust-scores.py > doubly-robust-scores.json
"""

import itertools
import json
import math
from statistics import NormalDist

import numpy as np

rng = np.random.default_rng(20)


def rounded(values, digits=4):
    return np.round(values, digits)


def flat(matrix):
    """Rows × columns as one column-major list."""
    return np.asarray(matrix, float).flatten(order="F").tolist()


# --- distributions -------------------------------------------------------------------------------------------------------

def student_tail(t, freedom):
    """Quadrature of cos^(freedom - 1) after t = sqrt(freedom) tan(angle)."""
    nodes, weights = np.polynomial.legendre.leggauss(400)

    def area(a, b):
        middle, half = (a + b) / 2, (b - a) / 2
        return half * np.sum(weights * np.cos(middle + half * nodes) ** (freedom - 1))

    angle = math.atan(t / math.sqrt(freedom))
    return 0.5 * area(angle, math.pi / 2) / area(0, math.pi / 2)


distributions = {
    "normalTail": [[z, 0.5 * math.erfc(z / math.sqrt(2))] for z in (-9, -3, -1.2, -0.1, 0, 0.3, 1.7, 2.49, 2.51, 4, 8, 20, 37)],
    "normalQuantile": [[p, NormalDist().inv_cdf(p)] for p in (1e-300, 1e-12, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999999)],
    "studentTail": [[t, d, student_tail(t, d)] for t in (0, 0.2, 1, 2.5, 7) for d in (1, 2, 3, 7.5, 30, 400)],
}

# --- rows ----------------------------------------------------------------------------------------------------------------

rows, arms = 60, 3
x = rounded(rng.normal(size=(rows, 2)))
arm = rng.integers(0, arms, rows)
outcome = rounded(rng.normal(size=(rows, arms)) + np.arange(arms))
raw = rng.uniform(0.2, 1, (rows, arms))
propensity = rounded(raw / raw.sum(axis=1, keepdims=True), 6)
y = rounded(outcome[np.arange(rows), arm] + rng.normal(size=rows))
is_known = rng.uniform(size=rows) < 0.8
observed = np.where(is_known, rounded(rng.uniform(1, 2, rows)), 0)
weight = rounded(rng.uniform(0.2, 3, rows))
cluster = rng.integers(0, 9, rows)
predicted = rounded(rng.normal(size=rows), 1)  # one digit, so that some are equal

scores = outcome.copy()
for i in range(rows):
    if is_known[i]:
        k = arm[i]
        scores[i, k] += observed[i] / propensity[i, k] * (y[i] - outcome[i, k])


def clustered(influence):
    sums = np.array([influence[cluster == g].sum() for g in np.unique(cluster)])
    return math.sqrt((sums ** 2).sum() * len(sums) / (len(sums) - 1))


def mean_and_se(values, w):
    mean = (w * values).sum() / w.sum()
    return [mean, clustered(w * (values - mean)) / w.sum()]


effects = [mean_and_se(scores[:, k] - scores[:, 0], weight) for k in (1, 2)]
overlap = [mean_and_se(scores[:, k] - scores[:, 0],
                       weight * propensity[:, k] * propensity[:, 0] / (propensity[:, k] + propensity[:, 0])) for k in (1, 2)]


def on_treated(k):
    seen = np.nan_to_num(observed)
    full = outcome[:, k] - outcome[:, 0] + np.where(is_known, seen * (y - outcome[:, k]), 0)
    took = weight * (arm == k)
    control = weight * (arm == 0) * seen * propensity[:, k] / propensity[:, 0]
    rest = np.where(is_known, y - outcome[:, 0], 0)
    a, b = (took * full).sum() / took.sum(), (control * rest).sum() / control.sum()
    influence = took * (full - a) / took.sum() - control * (rest - b) / control.sum()
    in_use = (took > 0) | (control > 0)
    sums = np.array([influence[(cluster == g) & in_use].sum() for g in np.unique(cluster[in_use])])
    return [a - b, math.sqrt((sums ** 2).sum() * len(sums) / (len(sums) - 1))]


# --- straight lines ------------------------------------------------------------------------------------------------------

def refit(design, target, w):
    root = np.sqrt(w)[:, None]
    return np.linalg.lstsq(design * root, target * root[:, 0], rcond=None)[0]


def left_out(design, target, w, groups):
    whole = refit(design, target, w)
    moved = [refit(design[groups != g], target[groups != g], w[groups != g]) - whole for g in np.unique(groups)]
    return [[b, s] for b, s in zip(whole, np.sqrt((np.array(moved) ** 2).sum(axis=0)))]


def hc3(design, target, w):
    bread = np.linalg.inv(design.T @ (design * w[:, None]))
    b = bread @ design.T @ (w * target)
    hat = w * np.einsum("ij,jk,ik->i", design, bread, design)
    e = w * (target - design @ b) / (1 - hat)
    cover = bread @ (design.T * e ** 2) @ design @ bread
    return [[v, s] for v, s in zip(b, np.sqrt(np.diag(cover)))]


effect = scores[:, 1] - scores[:, 0]
line = np.column_stack([np.ones(rows), x])
mean_predicted = (weight * predicted).sum() / weight.sum()
two = np.column_stack([np.full(rows, mean_predicted), predicted - mean_predicted])

# --- targeting -----------------------------------------------------------------------------------------------------------

def curve_at(u):
    """Mean of the first share u, those of equal priority entering side by side, less the mean of all."""
    left, gained = u * weight.sum(), 0.0
    for value in sorted(set(predicted.tolist()), reverse=True):
        same = predicted == value
        w = weight[same].sum()
        taken = min(w, left)
        gained += taken * (weight[same] * effect[same]).sum() / w
        left -= taken
        if left <= 1e-12:
            break
    return gained / (u * weight.sum()) - (weight * effect).sum() / weight.sum()


levels = sorted(set(predicted.tolist()), reverse=True)
ends = np.cumsum([weight[predicted == value].sum() for value in levels]) / weight.sum()
nodes, node_weights = np.polynomial.legendre.leggauss(60)
rate, start = 0.0, 0.0
for end in ends:
    half = (end - start) / 2
    rate += half * sum(nw * curve_at((start + end) / 2 + half * n) for n, nw in zip(nodes, node_weights))
    start = end

# --- sensitivity ---------------------------------------------------------------------------------------------------------

few = 22
small_arm = np.array([k % 2 for k in range(few)])
small_outcome, small_propensity = rounded(rng.normal(size=(few, 2))), np.zeros((few, 2))
small_propensity[:, 1] = rounded(rng.uniform(0.15, 0.85, few))
small_propensity[:, 0] = rounded(1 - small_propensity[:, 1])
small_y = rounded(rng.normal(size=few) + 2 * small_arm)
small_weight = rounded(rng.uniform(0.5, 2, few), 2)


def extremes(k, strength):
    own = small_arm == k
    w, r = small_weight[own], (small_y - small_outcome[:, k])[own]
    odds = ((1 - small_propensity[:, k]) / small_propensity[:, k])[own]
    found = []
    for ends in itertools.product((1 / strength, strength), repeat=int(own.sum())):
        tilt = w * (1 + np.array(ends) * odds)
        found.append((tilt * r).sum() / tilt.sum())
    centre = (small_weight * small_outcome[:, k]).sum() / small_weight.sum()
    return centre + min(found), centre + max(found)


bounds = []
for strength in (1, 1.5, 4):
    with_arm, without = extremes(1, strength), extremes(0, strength)
    bounds.append([strength, with_arm[0] - without[1], with_arm[1] - without[0]])

# --- pooling -------------------------------------------------------------------------------------------------------------

def pooled(estimates, ses):
    """The same hierarchy on a dense grid of log(between²), a uniform prior of s² / (s² + between²) turned into its density."""
    estimates, ses = np.array(estimates), np.array(ses)
    typical = len(ses) / (1 / ses ** 2).sum()
    log_between = np.linspace(math.log(typical) - 25, math.log(typical) + 25, 16001)
    between = np.exp(log_between)
    total = 1 / (ses[:, None] ** 2 + between)
    mean = (total * estimates[:, None]).sum(axis=0) / total.sum(axis=0)
    log_post = (0.5 * np.log(total) - 0.5 * total * (estimates[:, None] - mean) ** 2).sum(axis=0)
    log_post += -0.5 * np.log(total.sum(axis=0)) + np.log(typical * between / (typical + between) ** 2)
    share = np.exp(log_post - log_post.max())
    share /= share.sum()
    answers = []
    for value, se in zip(estimates, ses):
        towards = se ** 2 / (se ** 2 + between)
        centre = towards * mean + (1 - towards) * value
        variance = (1 - towards) * se ** 2 + towards ** 2 / total.sum(axis=0)
        answers.append(moments(share, centre, variance))
    return {"estimates": estimates.tolist(), "ses": ses.tolist(), "pooled": answers,
            "mean": moments(share, mean, 1 / total.sum(axis=0)),
            "next": moments(share, mean, 1 / total.sum(axis=0) + between)[:1]}


def moments(share, centre, variance):
    mean = (share * centre).sum()
    sd = math.sqrt((share * (variance + (centre - mean) ** 2)).sum())

    def point(p):
        low, high = mean - 30 * sd, mean + 30 * sd
        for _ in range(60):
            middle = (low + high) / 2
            z = (middle - centre) / np.sqrt(2 * variance)
            if (share * 0.5 * np.array([math.erfc(-v) for v in z])).sum() < p:
                low = middle
            else:
                high = middle
        return low

    return [mean, sd, point(0.025), point(0.975)]


print(json.dumps({
    "distributions": distributions,
    "rows": {
        "arm": arm.tolist(), "y": [v if k else None for v, k in zip(y.tolist(), is_known)], "outcome": flat(outcome),
        "propensity": flat(propensity), "observedWeight": observed.tolist(), "weight": weight.tolist(),
        "cluster": cluster.tolist(), "columns": flat(x), "predicted": predicted.tolist(),
    },
    "scores": flat(scores), "effects": effects, "overlap": overlap, "treated": [on_treated(1), on_treated(2)],
    "line": {"rows": hc3(line, effect, weight), "clusters": left_out(line, effect, weight, cluster)},
    "calibration": {"rows": hc3(two, effect, weight), "clusters": left_out(two, effect, weight, cluster)},
    "targeting": {"rate": rate, "points": [[u, curve_at(u)] for u in (0.1, 0.33, 0.5, 0.9)]},
    "sensitivity": {
        "arm": small_arm.tolist(), "y": small_y.tolist(), "outcome": flat(small_outcome),
        "propensity": flat(small_propensity), "weight": small_weight.tolist(), "bounds": bounds,
    },
    "pooling": [
        pooled([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]),  # the eight schools of Rubin (1981)
        pooled([0.1, 0.5], [0.1, 0.2]),
        pooled([0.02, 0.03, 0.02, 0.35, 0.05, -0.2], [0.02, 0.05, 0.03, 0.04, 0.2, 0.01]),
    ],
}))
