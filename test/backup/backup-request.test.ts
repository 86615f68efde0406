import { describe, expect, it } from 'vitest';
import { type BackupRequest, parseBackup } from '../../src/backup/backup-request.ts';
import { asFlag } from '../../src/pipeline/request/field-name.ts';

const request = (to: readonly string[], more: Partial<BackupRequest> = {}) => ({ what: ['/films/a.mkv'], to, ...more });
const THREE = ['file:/mnt/nas/films', 'file:/mnt/usb', 's3://films/reel-1'];

describe('a request to back up', () => {
  it('knows its targets', () => {
    expect(parseBackup(request(THREE, { region: 'eu-west-1' })).targets).toEqual([
      { kind: 'file', name: 'file:/mnt/nas/films', folder: '/mnt/nas/films' },
      { kind: 'file', name: 'file:/mnt/usb', folder: '/mnt/usb' },
      {
        kind: 's3',
        name: 's3://films/reel-1',
        bucket: 'films',
        prefix: 'reel-1',
        endpoint: undefined,
        region: 'eu-west-1',
      },
    ]);
  });

  it('takes a store of its own for one target, and slashes as they come', () => {
    const name = 's3://films//a//b/?endpoint=https://minio.example:9000&region=here';
    const to = [name, 's3://films', 'file:///mnt/an%20usb'];
    expect(parseBackup(request(to, { endpoint: 'http://other:1' })).targets).toEqual([
      { kind: 's3', name, bucket: 'films', prefix: 'a/b', endpoint: 'https://minio.example:9000', region: 'here' },
      { kind: 's3', name: 's3://films', bucket: 'films', prefix: '', endpoint: 'http://other:1', region: undefined },
      { kind: 'file', name: 'file:///mnt/an%20usb', folder: '/mnt/an usb' },
    ]);
  });

  it.each<[string, BackupRequest, string]>([
    [
      'fewer targets than copies',
      request(THREE.slice(0, 2)),
      '3 copies need as many targets, and only 2 targets are given. Add --to and another place, or say --copies 2.',
    ],
    [
      'one target',
      request(THREE.slice(0, 1)),
      '3 copies need as many targets, and only one target is given. Add --to and another place, or say --copies 1.',
    ],
    ['no target', request([]), 'Add --to and where copies are: file:<folder> or s3://bucket/prefix; again for more.'],
    [
      'the same folder twice',
      request([...THREE, 'file:/mnt/nas/../nas/films/']),
      '--to "file:/mnt/nas/../nas/films/" is the same place as another target, which is one copy.',
    ],
    [
      'the same bucket twice',
      request([...THREE, 's3://films/reel-1/']),
      '--to "s3://films/reel-1/" is the same place as another target, which is one copy.',
    ],
    [
      'a target of another kind',
      request([...THREE, 'ftp://there']),
      '--to "ftp://there" is not a target. Write it as file:<folder> or s3://bucket/prefix.',
    ],
    [
      'a folder without its kind',
      request([...THREE, '/mnt/disk']),
      '--to "/mnt/disk" is not a target. Write it as file:<folder> or s3://bucket/prefix.',
    ],
    [
      'a folder of another machine',
      request([...THREE, 'file://nas/films']),
      '--to "file://nas/films" is not a folder of this machine. Write it as file:/folder.',
    ],
    [
      'an unknown option of a target',
      request([...THREE, 's3://other?endpiont=http://a']),
      '--to "s3://other?endpiont=http://a": "endpiont" is not one of endpoint, region. Did you mean "endpoint"?',
    ],
    [
      'an endpoint that is no address',
      request(THREE, { endpoint: 'minio:9000' }),
      'The endpoint "minio:9000" is not an address. Write it as https://storage.example:9000.',
    ],
    [
      'a target within what is backed up',
      request(['file:/films/a.mkv/copies', ...THREE]),
      '--to "file:/films/a.mkv/copies" lies in "/films/a.mkv", which is to be backed up. Choose a folder elsewhere, best on another disk.',
    ],
    ['no copies', request(THREE, { copies: 0 }), '--copies should be one copy at least, but is 0.'],
    ['no time', request(THREE, { timeout: 0 }), '--timeout should be a number of seconds, but is 0.'],
    ['nothing to back up', { what: [], to: THREE }, '--what should be one file or folder at least, but is [].'],
  ])('is refused with %s', (_, given, message) => {
    expect(() => parseBackup(given, asFlag)).toThrow(message);
  });
});
