import { comment } from '../text.js'
import { type Export, type Exported, type Item, inWords } from './items.js'
import { isSysctl, sysctlName } from './sysctl-d.js'
import { exportTuned } from './tuned.js'
import { block, yaml } from './yaml.js'

/** Sysctls that any pod may set; for others the kubelet needs --allowed-unsafe-sysctls (kubernetes.io, "Using sysctls in a cluster"). */
const SAFE = new Set([
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_syncookies', 'net.ipv4.tcp_wmem',
])

/** Parameters of an IPC namespace, of which each pod has its own. */
const IPC = /^(?:kernel\/(?:shm\w+|msg\w+|sem)|fs\/mqueue\/\w+)$/

/** Two documents: a pod for what belongs to a namespace of its own, and a profile of the Node Tuning Operator for the node. */
export function exportKubernetes({ items, origin }: Export): Exported {
  const ofPod = items.filter(belongsToPod)
  const node = exportTuned({ items: items.filter((item) => !belongsToPod(item)), origin }, 'openshift-node')
  const header = comment(`Kernel parameters of ${origin}, exported by SemantOS.`)
  const documents = [...(ofPod.length > 0 ? [pod(ofPod)] : []), ...(ofPod.length < items.length ? [tuned(node.text)] : [])]
  return { text: documents.map((document) => `---\n${header}\n${document}`).join(''), left: node.left }
}

/** What a pod has a copy of its own of; the kernel refuses it on names that Kubernetes does not accept, such as those with capitals. */
function belongsToPod(item: Item): boolean {
  return isSysctl(item) && item.knob.where.per === 'host' && /^[a-z0-9_/-]+$/.test(item.path) && (item.knob.where.netns === 'namespaced' || IPC.test(item.path))
}

function pod(items: readonly Item[]): string {
  const unsafe = items.map(({ path }) => sysctlName(path)).filter((name) => !SAFE.has(name))
  const notes = [
    comment("Copy securityContext to the pods of your workload; it does not reach pods that share the host's network or IPC."),
    ...(unsafe.length > 0 ? [comment(`Their nodes must allow these first: kubelet --allowed-unsafe-sysctls=${unsafe.join(',')}`)] : []),
    ...items.map((item) => comment(`${inWords(item)}: ${item.why}`)),
  ]
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'workload' },
    spec: {
      securityContext: { sysctls: items.map(({ path, text }) => ({ name: sysctlName(path), value: text })) },
      containers: [{ name: 'workload', image: 'workload' }],
    },
  }
  return `${notes.join('\n')}\n${yaml(manifest)}`
}

/** It includes openshift-node, because a node has one profile: without it the operator's own settings would be taken back. */
function tuned(profile: string): string {
  return `${comment('For the nodes, through the Node Tuning Operator. Change the label to choose which.')}\n${yaml({
    apiVersion: 'tuned.openshift.io/v1',
    kind: 'Tuned',
    metadata: { name: 'semantos', namespace: 'openshift-cluster-node-tuning-operator' },
    spec: {
      profile: [{ name: 'semantos', data: block(profile) }],
      recommend: [{ match: [{ label: 'node-role.kubernetes.io/worker' }], priority: 20, profile: 'semantos' }],
    },
  })}`
}
