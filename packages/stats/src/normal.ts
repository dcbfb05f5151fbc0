/** The share of the standard normal distribution above z, to a relative error of some 1e-13. */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z)
  return z < 3 ? 0.5 - density(z) * series(z) : density(z) / fraction(z)
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}

/** z + z^3/3 + z^5/(3*5) + …: all terms positive (Abramowitz and Stegun 26.2.11). */
function series(z: number): number {
  let term = z
  let sum = z
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return sum
}

/** z + 1/(z + 2/(z + 3/(z + …))), from the inside out (Abramowitz and Stegun 26.2.14). */
function fraction(z: number): number {
  let inner = z
  for (let k = 100; k >= 1; k--) inner = z + k / inner
  return inner
}
