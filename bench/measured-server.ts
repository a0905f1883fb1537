/** Tells the parent process the address of this server's GraphQL door; then collects garbage or tells its CPU time. */
export function reportCpu(url: string): void {
  process.on('message', (message) => {
    if (message === 'collect') globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(url);
}
