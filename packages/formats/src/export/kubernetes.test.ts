import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from '@semantos/core'
import { catalogue, CHANGES, documentsOf, exported, hostile, sameAs } from '../../../../tests/exchange/exporting.js'
import { importTuned } from '../import/tuned.js'

const Pod = z.object({ kind: z.literal('Pod'), spec: z.object({ securityContext: z.object({ sysctls: z.array(z.object({ name: z.string(), value: z.string() })) }) }).loose() }).loose()
const Tuned = z.object({ kind: z.literal('Tuned'), spec: z.object({ profile: z.tuple([z.object({ name: z.string(), data: z.string() })]) }).loose() }).loose()

describe('kubernetes', () => {
  it('is a pod for what belongs to its namespaces, and a Tuned for the node', () => {
    expect(exported('kubernetes', CHANGES).text).toMatchInlineSnapshot(`
      "---
      # Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.
      # Copy securityContext to the pods of your workload; it does not reach pods that share the host's network or
      # IPC.
      # Their nodes must allow these first: kubelet --allowed-unsafe-sysctls=net.core.somaxconn,fs.mqueue.msg_max
      # net.core.somaxconn = 8192, was 4096: accept queues overflowed 12 times a second # and "more"
      # net.ipv4.tcp_rmem = 4096 131072 16777216, was 4096 131072 6291456: because
      # fs.mqueue.msg_max = 100, was 10: because
      apiVersion: "v1"
      kind: "Pod"
      metadata:
        name: "workload"
      spec:
        securityContext:
          sysctls:
            - name: "net.core.somaxconn"
              value: "8192"
            - name: "net.ipv4.tcp_rmem"
              value: "4096 131072 16777216"
            - name: "fs.mqueue.msg_max"
              value: "100"
        containers:
          - name: "workload"
            image: "workload"
      ---
      # Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.
      # For the nodes, through the Node Tuning Operator. Change the label to choose which.
      apiVersion: "tuned.openshift.io/v1"
      kind: "Tuned"
      metadata:
        name: "semantos"
        namespace: "openshift-cluster-node-tuning-operator"
      spec:
        profile:
          - name: "semantos"
            data: |
              # Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.

              [main]
              summary=Kernel parameters exported by SemantOS
              include=openshift-node

              [sysctl]
              # vm.swappiness = 10, was 60: less swapping
              vm.swappiness=10

              [sysfs]
              # block.read_ahead_kb[vda] = 4096, was 128: because
              /sys/block/vda/queue/read_ahead_kb=4096
              # thp.enabled = madvise, was always: because
              /sys/kernel/mm/transparent_hugepage/enabled=madvise
        recommend:
          - match:
              - label: "node-role.kubernetes.io/worker"
            priority: 20
            profile: "semantos"
      "
    `)
  })

  it('is one document where everything belongs to one of them', () => {
    expect(documentsOf(exported('kubernetes', [{ knob: 'vm.swappiness', from: 60, to: 10 }]).text)).toHaveLength(1)
    expect(documentsOf(exported('kubernetes', [{ knob: 'net.ipv4.tcp_rmem', from: [1, 1, 1], to: [4096, 131072, 6291456] }]).text)).toMatchObject([{ kind: 'Pod' }])
  })

  it('says the values and nothing else, whatever they are', () => {
    fc.assert(
      fc.property(hostile.filter((changes) => changes.length === 5), (changes) => {
        const result = exported('kubernetes', changes)
        const [pod, tuned, ...more] = documentsOf(result.text)
        expect(more).toEqual([])
        expect(Pod.parse(pod).spec.securityContext.sysctls).toEqual(changes.filter(({ knob }) => knob === 'net.test.word').map(({ knob, to }) => ({ name: knob, value: to })))
        const { data } = Tuned.parse(tuned).spec.profile[0]
        const { settings } = importTuned('/p/tuned.conf', { read: () => data.replace('include=openshift-node\n', ''), list: () => [] }, ['/p'], catalogue, { cpuinfo: null, uname: null, virtual: null, governors: null, energyPreferences: null })
        sameAs(changes.filter(({ knob }) => knob !== 'net.test.word'), settings, result)
      }),
      { numRuns: 40 },
    )
  })
})
