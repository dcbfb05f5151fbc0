import type { Files } from '../folders.js'

/** The kernel files that most collectors read, of a host with two CPUs, and the folders where settings are kept. */
export const ROOT_FILES: Files = {
  'etc/sysctl.d': null,
  'etc/tmpfiles.d': null,
  'etc/udev/rules.d': null,
  'proc/loadavg': '9.40 7.10 5.00 9/420 4242\n',
  'proc/uptime': '86400.00 150000.00\n',
  'proc/stat': 'cpu  8000 0 2000 90000 500 0 100 0 0 0\ncpu0 4000 0 1000 45000 250 0 50 0 0 0\ncpu1 4000 0 1000 45000 250 0 50 0 0 0\nintr 210000 0\nctxt 500000\nbtime 1767225600\nprocesses 4242\nprocs_running 9\nprocs_blocked 1\n',
  'proc/meminfo': 'MemTotal:       8000000 kB\nMemFree:        1000000 kB\nMemAvailable:   4000000 kB\nCached:         2500000 kB\nSwapTotal:      1000000 kB\nSwapFree:        900000 kB\nDirty:            40000 kB\nWriteback:            0 kB\n',
  'proc/vmstat': 'nr_free_pages 250000\npgfault 1000000\npgmajfault 2000\npswpin 30\npswpout 40\noom_kill 0\n',
  'proc/cpuinfo': 'processor\t: 0\nmodel name\t: Sample CPU\n\nprocessor\t: 1\nmodel name\t: Sample CPU\n',
  'proc/diskstats': ' 253       0 vda 1000 0 64000 500 2000 0 128000 900 0 1200 1400\n',
  'proc/net/dev': 'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n  eth0: 1000000 8000 0 0 0 0 0 0 2000000 9000 0 0 0 0 0 0\n',
  'proc/pressure/cpu': 'some avg10=12.00 avg60=8.00 avg300=4.00 total=900000\n',
  'proc/pressure/io': 'some avg10=3.00 avg60=2.00 avg300=1.00 total=400000\nfull avg10=1.00 avg60=0.50 avg300=0.20 total=100000\n',
  'proc/pressure/memory': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  'proc/sys/kernel/osrelease': '6.18.0\n',
  'proc/sys/kernel/hostname': 'sample\n',
  'proc/sys/kernel/random/boot_id': '00000000-0000-4000-8000-000000000000\n',
}
