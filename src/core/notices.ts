/** What the data's owners ask of whoever holds a copy, and how it gets from inputs to everything that is made of them. */
import fs from 'node:fs';
import path from 'node:path';

/** A type, not an interface, so that it is as good as any part of a manifest. */
export type Notices = {
  /** The licence, in words. */
  licence_notice?: string;
  /** The data is credentialed or somebody's own: neither it nor what is made of it may leave the circle of those who may read it. */
  do_not_share?: true;
};

/** Only the notices of manifests, all of them: different licences one after the other, not to be shared if any is not. */
export function noticesOf(...sources: readonly Notices[]): Notices {
  const texts = [...new Set(sources.map(({ licence_notice }) => licence_notice).filter((text) => text !== undefined))];
  return {
    ...(texts.length > 0 && { licence_notice: texts.join('; ') }),
    ...(sources.some(({ do_not_share }) => do_not_share) && { do_not_share: true as const }),
  };
}

/** As one sentence or two, for pages and reports. @returns undefined where there is nothing to say */
export function noticeText({ licence_notice, do_not_share }: Notices): string | undefined {
  const said = [licence_notice, do_not_share && 'Do not share.'].filter((part): part is string => Boolean(part));
  return said.length ? said.join(' – ') : undefined;
}

const SIDE_FILE = 'licence.json';

/** What speaks for an input: its manifest, what {@link writeNotices} wrote beside it, or the manifest of the directory that a file lies in. */
const speakersFor = (input: string): string[] => [path.join(input, 'manifest.json'), path.join(input, SIDE_FILE), `${input}.${SIDE_FILE}`, path.join(path.dirname(input), 'manifest.json')];

/** The notices of files and directories; of those without any, none. */
export const noticesOfInputs = (inputs: readonly string[]): Notices => noticesOf(...inputs.flatMap((input) => speakersFor(input).flatMap(readNotices)));

function readNotices(file: string): Notices[] {
  try {
    return [JSON.parse(fs.readFileSync(file, 'utf8')) as Notices];
  } catch {
    // Most inputs have no such file, and a foreign manifest.json need not be JSON.
    return [];
  }
}

/**
 * For what has no manifest: `FILE.licence.json` beside a single file, `licence.json` in a directory. Nothing is written where there is nothing to
 * say, and what an earlier command said of the same path goes.
 */
export function writeNotices(target: string, notices: Notices): void {
  const file = fs.statSync(target).isDirectory() ? path.join(target, SIDE_FILE) : `${target}.${SIDE_FILE}`;
  const said = noticesOf(notices);
  if (Object.keys(said).length) fs.writeFileSync(file, `${JSON.stringify(said, null, 2)}\n`);
  else fs.rmSync(file, { force: true });
}
