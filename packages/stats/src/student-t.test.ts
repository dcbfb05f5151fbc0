import { describe, expect, test } from 'vitest'
import { studentCritical, studentTwoSided } from './student-t.js'

/** From scipy: 2 * scipy.stats.t.sf(t, df). */
const SCIPY = [
  [0.5, 1, 0.7048327646991335],
  [1, 2, 0.4226497308103742],
  [2.5, 3, 0.08770664700806556],
  [3.2, 5, 0.023995176803300478],
  [2.0, 10, 0.07338803477074037],
  [5, 7, 0.0015652779531728249],
  [1.96, 1000, 0.050273184955748736],
  [12, 4, 0.000276428548502973],
] as const

describe('studentTwoSided', () => {
  test.each(SCIPY)('t = %d, %d degrees of freedom', (t, degrees, p) => {
    expect(studentTwoSided(t, degrees)).toBeCloseTo(p, 12)
  })
})

describe('studentCritical', () => {
  test.each([[0.05, 5, 2.570581836], [0.01, 3, 5.840909310], [0.05, 30, 2.042272456]])('p = %d, %d degrees of freedom', (p, degrees, t) => {
    expect(studentCritical(p, degrees)).toBeCloseTo(t, 5)
  })
})
