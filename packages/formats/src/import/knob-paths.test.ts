import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knobOf } from '../../../../tests/faults/fake-root.js'
import { Catalogue, Knob } from '@semantos/core'
import { KnobPaths, globExpression, isGlob, knobPattern } from './knob-paths.js'

const knobs = Knob.array().parse(JSON.parse(readFileSync(new URL('../fixtures/knobs.json', import.meta.url), 'utf8')))
const paths = new KnobPaths(Catalogue.of([...knobs, knobOf('net.netfilter.nf_conntrack_max', { where: { path: 'net/netfilter/nf_conntrack_max', also_at: ['net/nf_conntrack_max'] } }), knobOf('net.ipv4.conf.arp_announce', { where: { path: 'net/ipv4/conf/*/arp_announce', per: 'net-device', netns: 'namespaced' } })]))

const find = (...where: Parameters<KnobPaths['find']>) => paths.find(...where).map(knobPattern)

describe('KnobPaths', () => {
  it.each([
    ['sysctl', 'vm/swappiness', ['vm.swappiness']],
    ['sysfs', 'block/vda/queue/scheduler', ['block.scheduler[vda]']],
    ['sysfs', 'block/sd*/queue/scheduler', ['block.scheduler[sd*]']],
    ['sysfs', 'block/*/queue/scheduler', ['block.scheduler']],
    ['sysfs', 'class/net/eth0/queues/rx-0/rps_flow_cnt', ['netdev.rps_flow_cnt[eth0:rx-0]']],
    ['sysctl', 'vm/dirty_*ratio', ['vm.dirty_background_ratio', 'vm.dirty_ratio']],
    ['sysctl', 'vm/swappines[rs]', ['vm.swappiness']],
    ['sysctl', 'vm/swappines[!s]', []],
    ['sysctl', 'net/nf_conntrack_max', ['net.netfilter.nf_conntrack_max']],
    ['sysctl', 'net/netfilter/nf_conntrack_max', ['net.netfilter.nf_conntrack_max']],
    ['sysctl', 'vm', []],
    ['sysctl', 'vm/swappiness/x', []],
    ['sysfs', 'vm/swappiness', []],
    ['sysfs', 'block/../queue/scheduler/x', []],
    ['sysfs', 'block/sd[ab]/queue/scheduler', []],
    ['sysfs', 'block/a b/queue/scheduler', []],
  ] as const)('%s %s is %j', (kind, path, expected) => {
    expect(find(kind, path)).toEqual(expected)
  })

  it('means a path of its own before one that stands for every device', () => {
    expect(find('sysctl', 'net/ipv4/conf/all/arp_announce')).toEqual(['net.ipv4.conf.all.arp_announce', 'net.ipv4.conf.arp_announce[all]'])
  })
})

describe('globExpression', () => {
  it('is the text itself for a text without wildcards, and never fails', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const expression = globExpression(text)
        if (!isGlob(text)) expect(expression.test(text)).toBe(true)
      }),
    )
  })
})
