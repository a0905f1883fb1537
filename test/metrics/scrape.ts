import type { Running } from '../process.ts';

/** The address of the metrics of a server that was started. */
export async function metricsOf(server: Running): Promise<string> {
  const [, url = ''] = await server.seen(/(http:\/\/[^\s"]+\/metrics)/);
  return url;
}

/** What Prometheus would read. */
export async function scrape(url: string): Promise<string> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

/** The values of the series of one metric, by their labels. */
export function valuesOf(text: string, name: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(name.length, end), Number(line.slice(end + 1))];
    }),
  );
}

/** Reads until the metrics are as `wanted` says: a request is counted when its answer has gone. */
export async function scrapeUntil(url: string, wanted: (text: string) => boolean): Promise<string> {
  const end = performance.now() + 20_000;
  for (;;) {
    const text = await scrape(url);
    if (wanted(text) || performance.now() > end) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
