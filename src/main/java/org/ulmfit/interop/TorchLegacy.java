package org.ulmfit.interop;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.interop.PickleValue.Dict;
import org.ulmfit.interop.PickleValue.Sequence;

/**
 * The container of torch before 1.6 (torch/serialization.py, {@code _legacy_save}):
 *
 * <pre>
 * pickle   0x1950a86a20f9469cfc6c
 * pickle   1001
 * pickle   {'protocol_version': 1001, 'little_endian': True, 'type_sizes': {...}}
 * pickle   the object
 * pickle   ['94000000000001', ...]     keys of the storages
 * for each key: int64 number of elements, then the elements
 * </pre>
 */
final class TorchLegacy {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final Long PROTOCOL = 1001L;

  static TorchContainer read(Path file, FileChannel channel) throws IOException {
    PickleSource in = new PickleSource(file, channel, 0, channel.size());
    TorchNames names = new TorchNames();
    expect(in, names, MAGIC);
    expect(in, names, PROTOCOL);
    long at = in.position();
    Object system = Pickle.read(in, names);
    if (!(system instanceof Dict dict)
        || !Boolean.TRUE.equals(dict.entries.get("little_endian"))
        || !PROTOCOL.equals(dict.entries.get("protocol_version"))) {
      throw in.refuse(at, "saved on a big-endian machine, or by no torch that is known");
    }
    Object root = Pickle.read(in, names);
    at = in.position();
    if (!(Pickle.read(in, names) instanceof Sequence keys)) {
      throw in.refuse(at, "the list of storages is missing");
    }
    Map<String, Long> positions = storages(in, names.storages(), keys.items);
    return new TorchContainer(root, positions);
  }

  private static void expect(PickleSource in, TorchNames names, Object value) {
    long at = in.position();
    if (!value.equals(Pickle.read(in, names))) {
      throw in.refuse(at, "another number than torch.save writes here");
    }
  }

  private static Map<String, Long> storages(
      PickleSource in, Map<String, TorchNames.Storage> named, List<Object> keys) {
    Map<String, Long> positions = new HashMap<>();
    for (Object key : keys) {
      long at = in.position();
      TorchNames.Storage storage = key instanceof String name ? named.get(name) : null;
      if (storage == null) {
        throw in.refuse(at, "a storage that no tensor uses");
      }
      long elements = in.i64();
      if (elements != storage.elements()) {
        throw in.refuse(
            at,
            "storage "
                + Refusals.quote(storage.key())
                + " has "
                + elements
                + " elements, not "
                + storage.elements());
      }
      if (positions.put(storage.key(), in.position()) != null) {
        throw in.refuse(at, "storage " + Refusals.quote(storage.key()) + " stands twice");
      }
      in.skip(storage.bytes());
    }
    if (positions.size() != named.size()) {
      throw in.refuse(in.position(), "storages of tensors are missing at the end of the file");
    }
    if (in.remaining() > 0) {
      throw in.refuse(in.position(), in.remaining() + " bytes after the last storage");
    }
    return positions;
  }

  private TorchLegacy() {}
}
