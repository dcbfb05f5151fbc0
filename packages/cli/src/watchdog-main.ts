import '@semantos/host/watchdog'
