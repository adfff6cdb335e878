// Tails and quantiles of the normal and of Student's t, for p values and intervals.

const halfLogTwoPi = 0.9189385332046727

/** P(Z > z) for a standard normal Z, to about 14 digits in both tails; 1 and 0 at -Infinity and Infinity, NaN for NaN.
 *  Near zero the series of Marsaglia (2004), Journal of Statistical Software 11(4); beyond, Laplace's continued fraction. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  if (z > 2.5) return Math.exp(-(z * z) / 2 - halfLogTwoPi) * millsRatio(z)
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 - sum * Math.exp(-(z * z) / 2 - halfLogTwoPi)
}

/** The z with P(Z <= z) = p. p in 0..1; -Infinity and Infinity at the ends; a RangeError otherwise. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError('a probability lies from 0 to 1')
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity
  if (p === 0.5) return 0
  const tail = Math.min(p, 1 - p)
  // Hastings' approximation (Abramowitz and Stegun 26.2.23), then Halley's steps to full precision.
  const t = Math.sqrt(-2 * Math.log(tail))
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for (let step = 0; step < 3; step++) {
    const miss = (tail - normalTail(z)) * Math.exp((z * z) / 2 + halfLogTwoPi)
    z -= miss / (1 + (z * miss) / 2)
  }
  return p < 0.5 ? -z : z
}

/** P(T > t) for Student's t with `freedom` > 0 degrees (Infinity: normal). By the incomplete beta function. */
export function studentTail(t: number, freedom: number): number {
  if (!(freedom > 0)) throw new RangeError('degrees of freedom are above 0')
  if (Number.isNaN(t)) return NaN
  // Beyond a million the two differ by less than a part in 100,000 at the tails that anybody reports.
  if (freedom > 1e6) return normalTail(t)
  const square = t * t
  if (square === Infinity) return t > 0 ? 0 : 1
  const half = incompleteBeta(freedom / (freedom + square), square / (freedom + square), freedom / 2) / 2
  return t >= 0 ? half : 1 - half
}

/** The t with P(T <= t) = p. */
export function studentQuantile(p: number, freedom: number): number {
  const start = normalQuantile(p)
  if (p === 0.5 || !Number.isFinite(start) || freedom > 1e6) return start
  const tail = Math.min(p, 1 - p)
  let low = Math.abs(start)
  let high = 2 * low
  while (studentTail(high, freedom) > tail) {
    low = high
    high *= 2
  }
  for (let step = 0; step < 60 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2
    if (studentTail(middle, freedom) > tail) low = middle
    else high = middle
  }
  const found = (low + high) / 2
  return p < 0.5 ? -found : found
}

/** (1 - Phi(z)) / phi(z) for z from 2.5 on, evaluated from far out inwards; the farther out, the fewer levels it takes. */
function millsRatio(z: number): number {
  if (z === Infinity) return 0
  let ratio = z
  for (let level = 20 + Math.ceil(650 / (z * z)); level > 0; level--) ratio = z + level / ratio
  return 1 / ratio
}

/** I_x(a, 1/2), given x and 1 - x apart so that neither loses digits. */
function incompleteBeta(x: number, rest: number, a: number): number {
  const b = 0.5
  if (x <= 0) return 0
  if (rest <= 0) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * logOf(rest, x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(rest, b, a)) / b
}

function logOf(rest: number, x: number): number {
  return rest < 0.5 ? Math.log(rest) : Math.log1p(-x)
}

/** Lentz's evaluation of the continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m < 5000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    const change = d * c
    fraction *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return fraction
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]

/** log of the gamma function for x >= 0.5 (Lanczos 1964, seven and nine terms). */
function logGamma(x: number): number {
  let sum = 0.9999999999998099
  for (let term = 0; term < lanczos.length; term++) sum += lanczos[term] / (x + term)
  const base = x + lanczos.length - 1.5
  return halfLogTwoPi + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}
