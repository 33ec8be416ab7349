# summary.py FILE: the figures of bench/summary.c by NumPy and SciPy, each sorted and centred once.
import resource
import sys
import time

import numpy as np
from scipy import stats

LEVEL, BATCHES = 0.05, 30
figures, times = {}, {}


def moments(x):
    mean = x.mean()
    d = x - mean
    d2 = d * d
    m2, m3, m4 = d2.mean(), (d2 * d).mean(), (d2 * d2).mean()
    figures.update(mean=mean, variance=m2 * len(x) / (len(x) - 1), skewness=m3 / m2**1.5,
                   kurtosis=m4 / m2**2, min=x.min(), max=x.max())


def batch_means(x):
    size = len(x) // BATCHES
    used = x[:size * BATCHES]
    means = used.reshape(BATCHES, size).mean(axis=1)
    d = means - means.mean()
    r1 = (d[1:] * d[:-1]).sum() / (d * d).sum()
    v = size * means.var(ddof=1) * max(1, (1 + r1) / (1 - r1))
    t = stats.t.ppf(1 - LEVEL / 2, BATCHES - 1)
    figures.update(batch_half_width=t * np.sqrt(v / len(used)), batch_r1=r1,
                   batch_n_eff=len(used) * used.var(ddof=1) / v)


def sort(x):
    x.sort()


# np.quantile() would copy and partition again: read off the sorted array.
def quantile(x, p):
    place = p * (len(x) - 1)
    below = int(place)
    return x[below] + (place - below) * (x[below + 1] - x[below])


def quantiles(x):
    n = len(x)
    for p in (0.5, 0.9, 0.95, 0.99):
        name = "p%g" % (100 * p)
        figures[name] = quantile(x, p)
        figures[name + "_lo"] = x[int(stats.binom.ppf(LEVEL / 2, n, p)) - 1]
        figures[name + "_hi"] = x[int(stats.binom.ppf(1 - LEVEL / 2, n, p))]


def outliers(x):
    q1, q3 = quantile(x, 0.25), quantile(x, 0.75)
    n, width, median = len(x), q3 - q1, quantile(x, 0.5)
    distance = np.abs(x - median)
    mad = np.median(distance)
    figures.update(q1=q1, q3=q3, low_severe=np.searchsorted(x, q1 - 3 * width),
                   low=np.searchsorted(x, q1 - 1.5 * width),
                   high=n - np.searchsorted(x, q3 + 1.5 * width, side="right"),
                   high_severe=n - np.searchsorted(x, q3 + 3 * width, side="right"),
                   mad=mad, beyond=(distance > 14.826 * mad).sum())


x = np.fromfile(sys.argv[1])
for step in (moments, batch_means, sort, quantiles, outliers):
    begin = time.process_time()
    step(x)
    times[step.__name__] = time.process_time() - begin
for name, value in figures.items():
    print(name, "%.17g" % value)
for name, value in times.items():
    print("%-12s %6.3f s" % (name.replace("_", " "), value), file=sys.stderr)
print("seconds %.4f" % sum(times.values()))
print("memory %.3f" % (1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / x.nbytes))
