// Built from its Go module: the way that needs only Go and its module proxy, with every source pinned by go.sum.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LabError } from '../lab-error.ts';
import { endsWithUs } from '../own-group.ts';
import type { Binary, Source } from './binary.ts';
import { keep } from './cache.ts';
import { saying } from './saying.ts';

/** Without Go: the next source. @throws LabError when Go is there and cannot build it */
export const built: Source = async (binary, say) => {
  const { go } = binary;
  if (go === undefined || (await runGo(['version'], go.module)) !== '') return undefined;
  const what = `Building ${binary.name} ${binary.version} with Go`;
  const hint = `about ${go.minutes} min on two idle cores, once`;
  say(`${what}: ${hint} …`);
  return keep(binary, folder => saying(say, what, () => buildInto(folder, binary, go), `, ${hint}`));
};

async function buildInto(folder: string, { name }: Binary, go: NonNullable<Binary['go']>): Promise<string> {
  const out = join(folder, name);
  const complaint = await runGo(['build', '-trimpath', '-ldflags', go.ldflags, '-o', out, go.package], go.module);
  if (complaint === '') return out;
  throw new LabError(explained(name, complaint));
}

/** Empty when it went well, else what Go complained about. */
async function runGo(args: string[], cwd: string): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' };
  const child = spawn('go', args, { cwd, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  endsWithUs(child);
  const said = text(child.stderr);
  const [code] = await once(child, 'close').catch(error => [String(error)]);
  return code === 0 ? '' : `${await said}${code}`;
}

function explained(name: string, complaint: string): string {
  if (complaint.includes('no space left on device'))
    return `The disk is full: ${name} could not be built; free about 3 GB (Go's build cache included), then start again.`;
  if (/dial tcp|no such host|i\/o timeout|connection refused|module lookup disabled/.test(complaint))
    return `${name} cannot be built without the network: connect, or set GOPROXY to a module proxy you can reach, then start again.`;
  const lines = complaint.split('\n').filter(line => !line.startsWith('go: downloading'));
  return `Go could not build ${name}: ${lines.join(' ').trim().slice(0, 400)}`;
}
