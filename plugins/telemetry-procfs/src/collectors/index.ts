import type { Collector } from '../table.js'
import { conntracks } from './conntrack.js'
import { disks } from './disks.js'
import { files } from './files.js'
import { load } from './load.js'
import { memory } from './memory.js'
import { neighbourTables } from './neighbours.js'
import { netDevices } from './net-devices.js'
import { netstat } from './netstat.js'
import { pressures } from './pressure.js'
import { schedstat } from './schedstat.js'
import { snmp } from './snmp.js'
import { snmp6 } from './snmp6.js'
import { sockets } from './sockets.js'
import { softnet } from './softnet.js'
import { stat } from './stat.js'
import { uptime } from './uptime.js'
import { vmstat } from './vmstat.js'

/** One collector a kernel file. A new one is a file in this folder and a line here. */
export const collectors: readonly Collector[] = [
  ...pressures, load, stat, schedstat, memory, vmstat, disks, netDevices, softnet, sockets, netstat, snmp, snmp6, ...conntracks, ...neighbourTables, files, uptime,
]
