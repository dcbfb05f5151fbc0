import { existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { type Knob, type Reading, refuses } from '@semantos/core'
import { mount, type Mounted } from '@semantos/plugin-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import catalogue from './index.js'

/** The kernel shows a number here that JavaScript cannot hold, or a word. */
const SHOWS_TEXT: Readonly<Record<string, string>> = {
  'cpu.pm_qos_resume_latency_us': 'n/a stands for "only polling"',
  'fs.file-max': 'systemd sets the largest number of 64 bits',
  'kernel.shmall': 'the default is close to the largest number of 64 bits',
  'kernel.shmmax': 'the default is close to the largest number of 64 bits',
}

const FILES: Readonly<Record<string, string>> = {
  hugetlb: '/sys/kernel/mm/hugepages',
  ipv6: '/proc/sys/net/ipv6',
  numa: '/sys/devices/system/node',
  swap: '/proc/swaps',
}

/** Does this kernel have what a knob needs? Null where that cannot be told. */
function has(need: string): boolean | null {
  const [kind = '', name = ''] = need.split(':')
  if (kind === 'module') return existsSync(`/sys/module/${name}`)
  if (kind === 'filesystem') return new RegExp(`\\b${name}$`, 'm').test(readFileSync('/proc/filesystems', 'utf8'))
  if (kind === 'config') return buildConfig === null ? null : new RegExp(`^CONFIG_${name}=[ym]$`, 'm').test(buildConfig)
  const file = FILES[need]
  return file === undefined ? null : existsSync(file)
}

const buildConfig = readBuildConfig()

function readBuildConfig(): string | null {
  if (existsSync('/proc/config.gz')) return gunzipSync(readFileSync('/proc/config.gz')).toString('utf8')
  const beside = `/boot/config-${release()}`
  return existsSync(beside) ? readFileSync(beside, 'utf8') : null
}

describe.skipIf(process.platform !== 'linux')('on this kernel (needs Linux; nothing is written)', () => {
  let kit: Mounted
  const found: { knob: Knob; reading: Reading }[] = []

  beforeAll(async () => {
    kit = await mount(catalogue(), { root: '/' })
    for (const knob of kit.catalogue) for (const reading of kit.kernel.host.readKnob(knob)) found.push({ knob, reading })
  })
  afterAll(() => kit.kernel.dispose())

  test('every sysctl is there, unless its kernel version or what it needs says otherwise', () => {
    const unexplained = found.flatMap(({ knob, reading }) => {
      if (knob.where.interface !== 'sysctl' || reading.status !== 'unavailable') return []
      const explained = /left the kernel|came with kernel|own network namespace/.test(reading.reason) || knob.needs.some((need) => has(need) !== true)
      return explained ? [] : [reading.reason]
    })
    expect(unexplained).toEqual([])
  })

  test('a knob that has left the kernel is not there', () => {
    const numbers = (version: string) => version.split(/[.-]/).slice(0, 2).map(Number)
    const [major = 0, minor = 0] = numbers(release())
    const stayed = found.filter(({ knob, reading }) => {
      if (knob.versions.until === null || reading.status !== 'present') return false
      const [lastMajor = 0, lastMinor = 0] = numbers(knob.versions.until)
      return major > lastMajor || (major === lastMajor && minor >= lastMinor)
    })
    expect(stayed).toEqual([])
  })

  test('every value it shows is of the type and inside the range', () => {
    const refused = found.flatMap(({ knob, reading }) => {
      if (reading.status !== 'present' || (typeof reading.value === 'string' && knob.name in SHOWS_TEXT)) return []
      return refuses(knob, reading.value, 'range')?.message ?? []
    })
    expect(refused).toEqual([])
  })
})

test('the plugin offers every knob to the kernel', async () => {
  await using kit = await mount(catalogue())
  expect(kit.catalogue.size).toBeGreaterThanOrEqual(170)
  expect(kit.catalogue.get('block.read_ahead_kb[vda]')).toMatchObject({ takes_effect: 'next open()', where: { per: 'block-device' } })
})

