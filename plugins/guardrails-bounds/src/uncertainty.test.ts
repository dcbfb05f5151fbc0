import { describe, expect, it } from 'vitest'
import { brokenBy } from '../testing/proposal.js'

describe('uncertainty', () => {
  it('refuses a recommendation at the threshold and lets one just below pass', async () => {
    expect(await brokenBy({ 'vm.swappiness': 30 }, {}, { uncertainty: 0.55 })).toEqual(['uncertainty vm.swappiness'])
    expect(await brokenBy({ 'vm.swappiness': 30 }, {}, { uncertainty: 0.5499 })).toEqual([])
  })

  it('takes the threshold from the options', async () => {
    expect(await brokenBy({ 'vm.swappiness': 30 }, { tau: 0.3 }, { uncertainty: 0.4 })).toEqual(['uncertainty vm.swappiness'])
    expect(await brokenBy({ 'vm.swappiness': 30 }, { tau: 0.9 }, { uncertainty: 0.8 })).toEqual([])
  })
})
