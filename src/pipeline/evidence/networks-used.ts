import type { ModelLibrary } from '../../model/library.ts';
import { acceptedOn } from '../../model/licence/accepted-licences.ts';
import { licenceUse } from '../../model/licence/licence-use.ts';
import { withNeeded } from '../../model/needed-networks.ts';
import type { NetworkLicence } from '../../report/network-licence.ts';

/** What the report says of networks: which files they are, under which licences, and since when these are accepted. */
export async function networksUsed(
  library: Pick<ModelLibrary, 'contract'>,
  ids: readonly string[],
): Promise<NetworkLicence[]> {
  return Promise.all(
    (await withNeeded(library, ids)).map(async (name) => {
      const contract = await library.contract(name);
      const { id, title, task, licence, onnx, files } = contract;
      const use = licenceUse(contract);
      const accepted = use === 'free' ? null : await acceptedOn(contract);
      return {
        id,
        title,
        task,
        sha256: onnx?.sha256 ?? files[0]?.sha256 ?? '',
        licence: licence.stated,
        use,
        accepted,
      };
    }),
  );
}
