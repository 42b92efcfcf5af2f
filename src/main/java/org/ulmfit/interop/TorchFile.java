package org.ulmfit.interop;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ulmfit.UlmfitException;
import org.ulmfit.interop.PickleValue.Dict;

/**
 * An open torch file with a state dict, read as data: nothing in it is run, and no class that it
 * names is made. Both containers of {@code torch.save} are read, the ZIP and the one of torch
 * before 1.6. Values stay in the file until they are asked for; several threads may ask.
 */
public final class TorchFile implements AutoCloseable {

  // fastai's learn.save, and what others call it
  private static final List<String> WRAPPERS = List.of("model", "state_dict", "model_state_dict");

  private final Path file;
  private final FileChannel channel;
  private final Map<String, TorchTensor> tensors;

  private TorchFile(Path file, FileChannel channel, Map<String, TorchTensor> tensors) {
    this.file = file;
    this.channel = channel;
    this.tensors = tensors;
  }

  /**
   * Opens a file and checks all of it but the values.
   *
   * @throws UlmfitException (bad model) naming the file and, where there is one, byte or tensor: it
   *     is damaged, cut short, names anything but tensors and plain data, or holds no state dict
   */
  public static TorchFile open(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        TorchContainer container = TorchContainer.read(file, channel);
        return new TorchFile(file, channel, tensors(file, channel, container));
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw Refusals.unreadable(file, e);
    }
  }

  /**
   * The tensors of the state dict, in the order of the file. Of a file that wraps it ({@code
   * {'model': ..., 'opt': ...}}) the optimiser state and other entries are left out.
   */
  public Map<String, TorchTensor> tensors() {
    return tensors;
  }

  private static Map<String, TorchTensor> tensors(
      Path file, FileChannel channel, TorchContainer container) {
    Map<Object, Object> state = stateDict(file, container.root());
    List<String> others = new ArrayList<>();
    Map<List<Object>, String> first = new HashMap<>();
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    state.forEach(
        (key, value) -> {
          if (!(key instanceof String name) || !(value instanceof TorchNames.Tensor view)) {
            others.add(Refusals.quote(key.toString()) + " (" + PickleValue.kind(value) + ")");
            return;
          }
          String alias = first.computeIfAbsent(identity(view), v -> name);
          long begin = Objects.requireNonNull(container.storages().get(view.storage().key()));
          tensors.put(name, new TorchTensor(file, channel, name, alias, view, begin));
        });
    if (!others.isEmpty()) {
      throw Refusals.of(
          file,
          "entries that are no tensors: " + Refusals.some(others) + "; save model.state_dict()");
    }
    return Collections.unmodifiableMap(tensors);
  }

  private static Map<Object, Object> stateDict(Path file, Object root) {
    if (!(root instanceof Dict dict)) {
      throw Refusals.of(
          file, "holds " + PickleValue.kind(root) + ", not a state dict; save model.state_dict()");
    }
    List<String> wrappers =
        WRAPPERS.stream().filter(key -> dict.entries.get(key) instanceof Dict).toList();
    if (wrappers.size() > 1) {
      throw Refusals.of(file, "holds several state dicts: " + String.join(", ", wrappers));
    }
    Map<Object, Object> state =
        wrappers.isEmpty()
            ? dict.entries
            : ((Dict) Objects.requireNonNull(dict.entries.get(wrappers.get(0)))).entries;
    if (state.isEmpty()) {
      throw Refusals.of(file, "holds an empty state dict");
    }
    return state;
  }

  /** Equal for views of the same data. */
  private static List<Object> identity(TorchNames.Tensor view) {
    return List.of(
        view.storage(),
        view.offset(),
        Arrays.toString(view.shape()),
        Arrays.toString(view.strides()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Refusals.unreadable(file, e);
    }
  }
}
