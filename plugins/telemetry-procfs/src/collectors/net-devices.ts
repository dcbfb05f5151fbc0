import { remember } from '../remember.js'
import { type Scan, linesOf } from '../scan.js'
import { type Collector, Columns, type MetricSpec, type Source, type Table, rate } from '../table.js'

const COLUMNS = new Columns([
  'receive bytes', 'receive packets', 'receive errs', 'receive drop', 'receive fifo', 'receive frame', 'receive compressed', 'receive multicast',
  'transmit bytes', 'transmit packets', 'transmit errs', 'transmit drop', 'transmit fifo', 'transmit colls', 'transmit carrier', 'transmit compressed',
])

const metrics: readonly MetricSpec[] = [
  rate('net.rx_bytes_per_s', 'receive bytes', 'Bytes received', { unit: 'bytes_per_s' }),
  rate('net.rx_packets_per_s', 'receive packets', 'Packets received'),
  rate('net.rx_errors_per_s', 'receive errs', 'Bad packets received'),
  rate('net.rx_dropped_per_s', 'receive drop', 'Packets dropped after they were received, or missed because the ring was full'),
  rate('net.rx_fifo_errors_per_s', 'receive fifo', "Packets lost because the device's receive queue was full"),
  rate('net.tx_bytes_per_s', 'transmit bytes', 'Bytes sent', { unit: 'bytes_per_s' }),
  rate('net.tx_packets_per_s', 'transmit packets', 'Packets sent'),
  rate('net.tx_errors_per_s', 'transmit errs', 'Packets that could not be sent'),
  rate('net.tx_dropped_per_s', 'transmit drop', 'Packets dropped on the way out, most of them by a full queue'),
  rate('net.tx_fifo_errors_per_s', 'transmit fifo', "Packets lost because the device's transmit queue was full"),
]

/** The host's end of a pair into a container, as Docker, Calico, Cilium, LXC, Azure and Amazon name it: what it carries is counted at the network card. */
const CONTAINER_END = /^(?:veth|cali[\da-f]{4}|lxc(?!br)|azv[\da-f]{4}|eni[\da-f]{11}$)/

/** Devices that the kernel or a container runtime makes. What they carry goes through a network card as well, or nowhere. */
const VIRTUAL = /^(?:lo$|docker|br-|virbr|lxcbr|lxdbr|cni|kube-|nodelocaldns|flannel|cilium_|vxlan|geneve|genev_sys|tun|tap|vnet|wg\d|ipip|gre|sit\d|ip6tnl|ip_vti|ip6_vti|ifb|dummy|nlmon|tailscale)/

export function isNetDevice(name: string): boolean {
  return !CONTAINER_END.test(name)
}

/** Every network device but the ends of containers, each and in sum. What is not hardware is left out of the sum where there is hardware. */
export const netDevices: Collector = { file: 'net/dev', rows: 'device', metrics, open }

function open({ host, sysfs }: Source): (text: string) => Table {
  const entries = remember((name) => host.list(`${sysfs}/class/net/${name}`))
  const isStacked = (name: string) => VIRTUAL.test(name) || entries(name).some((entry) => /^(?:lower_|bridge$|bonding$)/.test(entry))
  const isHardware = (name: string) => entries(name).includes('device')
  return (text) => {
    const rows = new Map<string, Float64Array>()
    const uncounted = new Set<string>()
    for (const scan of linesOf(text)) {
      const name = nameBeforeColon(scan)
      if (name === '' || !isNetDevice(name)) continue
      if (isStacked(name)) uncounted.add(name)
      rows.set(name, Float64Array.from(COLUMNS.names, () => scan.number()))
    }
    const names = [...rows.keys()]
    // In a container, the one card there is has no hardware behind it.
    if (names.some(isHardware)) for (const name of names) if (!isHardware(name)) uncounted.add(name)
    return { columns: COLUMNS, rows, uncounted }
  }
}

/** Moves behind the colon. Old kernels put no blank there, so the name is not a word of its own. */
function nameBeforeColon(scan: Scan): string {
  const colon = scan.text.indexOf(':', scan.at)
  const end = scan.text.indexOf('\n', scan.at)
  if (colon < 0 || (end >= 0 && colon > end)) return ''
  const name = scan.text.slice(scan.at, colon).trim()
  scan.at = colon + 1
  return name
}
