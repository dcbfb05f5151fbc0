import { describe, expect, test } from 'vitest'
import { LEAST_SD_LOG, blockNoise } from './block-noise.js'

describe('the noise of blocks', () => {
  const BLOCKS = [-0.1, -0.14, -0.06]

  test('is told from the identical pairs as well, where they are as noisy, though never more from them than from the blocks', () => {
    for (const identical of [[0.05, -0.05], [0.05, -0.05, 0.05, -0.05]]) {
      const { sd, degrees } = blockNoise(BLOCKS, identical)
      expect(sd).toBeCloseTo(Math.sqrt((2 * 0.04 ** 2 + 2 * 0.05 ** 2) / 4), 12)
      expect(degrees).toBe(4)
    }
  })

  test('is their own where identical pairs were cut off alike', () => {
    for (const identical of [[0, 0], [0.001, -0.001], []]) {
      expect(blockNoise(BLOCKS, identical).sd).toBeCloseTo(0.04, 12)
      expect(blockNoise(BLOCKS, identical).degrees).toBe(2)
    }
  })

  test('is their own where identical pairs were clearly quieter', () => {
    expect(blockNoise(BLOCKS, [0.012, -0.012, 0.012, -0.012]).degrees).toBe(2)
  })

  test('is never below their own, and never below what can be told', () => {
    expect(blockNoise(BLOCKS, [0.03, -0.03, 0.03, -0.03]).sd).toBeCloseTo(0.04, 12)
    expect(blockNoise([-0.1, -0.1, -0.1], [0, 0]).sd).toBe(LEAST_SD_LOG)
  })
})
