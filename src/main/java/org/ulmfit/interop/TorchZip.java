package org.ulmfit.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.ulmfit.interop.ZipIndex.Entry;

/**
 * The container of torch from 1.6 on (caffe2/serialize/inline_container.h), a ZIP of stored
 * entries:
 *
 * <pre>
 * NAME/data.pkl    the object
 * NAME/byteorder   little
 * NAME/data/0      the storage with the key 0
 * NAME/version     3
 * </pre>
 */
final class TorchZip {

  private static final int CHUNK_BYTES = 1 << 20;

  static TorchContainer read(Path file, FileChannel channel) throws IOException {
    Map<String, Entry> entries = ZipIndex.read(file, channel);
    if (entries.containsKey("constants.pkl")) {
      throw Refusals.of(file, "a TorchScript archive; a state dict is needed (model.state_dict())");
    }
    Entry data = entries.get("data.pkl");
    if (data == null || !entries.containsKey("version")) {
      throw Refusals.of(file, "a ZIP without data.pkl and version; torch.save did not write it");
    }
    Entry order = entries.get("byteorder");
    if (order != null && !"little".equals(content(channel, order))) {
      throw Refusals.at(file, order.begin(), "saved on a big-endian machine");
    }
    check(file, channel, data);
    PickleSource in = new PickleSource(file, channel, data.begin(), data.begin() + data.size());
    TorchNames names = new TorchNames();
    Object root = Pickle.read(in, names);
    if (in.remaining() > 0) {
      throw in.refuse(in.position(), in.remaining() + " bytes after the end of data.pkl");
    }
    Map<String, Long> positions = new HashMap<>();
    for (TorchNames.Storage storage : names.storages().values()) {
      Entry entry = entries.get("data/" + storage.key());
      if (entry == null) {
        throw Refusals.of(file, "storage " + Refusals.quote(storage.key()) + " is missing");
      }
      if (entry.size() != storage.bytes()) {
        throw Refusals.at(
            file,
            entry.begin(),
            entry.name() + " has " + entry.size() + " bytes, not " + storage.bytes());
      }
      check(file, channel, entry);
      positions.put(storage.key(), entry.begin());
    }
    return new TorchContainer(root, positions);
  }

  private static String content(FileChannel channel, Entry entry) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(16, entry.size()));
    TorchContainer.readFully(channel, bytes, entry.begin());
    return new String(bytes.array(), StandardCharsets.US_ASCII);
  }

  private static void check(Path file, FileChannel channel, Entry entry) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, entry.size()));
    for (long done = 0; done < entry.size(); done += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), entry.size() - done));
      crc.update(TorchContainer.readFully(channel, chunk, entry.begin() + done));
    }
    if (crc.getValue() != entry.crc()) {
      throw Refusals.at(
          file,
          entry.begin(),
          entry.name() + " does not fit its checksum; damaged (download or save it again)");
    }
  }

  private TorchZip() {}
}
