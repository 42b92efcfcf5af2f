package org.ulmfit.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.interop.PickleNames.Refused;
import org.ulmfit.interop.PickleValue.Sequence;
import org.ulmfit.interop.PickleValue.Tuple;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.PickleBytes;
import org.ulmfit.io.StrictJson;

/**
 * A vocabulary as fastai keeps it: a pickled list of strings ({@code itos.pkl}), read as data. Not
 * more than a million words.
 */
public final class VocabPickle {

  // fastai 1 Vocab.create and fastai 2 make_vocab fill up with it to a multiple of 8
  private static final String FILLER = "xxfake";
  private static final int BATCH = 1000; // as CPython's pickle

  /**
   * Reads the words of a list that is written as JSON, as {@code export --format safetensors} does.
   *
   * @throws UlmfitException (bad model) naming the file, or the ids of the words
   */
  static List<String> readJson(Path file) {
    JsonNode list =
        StrictJson.read(
            file,
            JsonNode.class,
            UlmfitException.Kind.BAD_MODEL,
            "give the list of words that was saved with the weights");
    List<Object> words = new ArrayList<>();
    list.forEach(word -> words.add(word.isTextual() ? word.textValue() : word));
    if (!list.isArray() || list.isEmpty()) {
      throw Refusals.of(file, "holds no list of strings; give the list itos that export writes");
    }
    return words(file, words);
  }

  /** A vocabulary needs no names. */
  private enum NoNames implements PickleNames {
    INSTANCE;

    @Override
    public @Nullable Object find(String module, String name) {
      return null;
    }

    @Override
    public String hint(String module, String name, @Nullable String key) {
      if (module.startsWith("fastai.") && name.equals("Vocab")) {
        return "a Vocab object, not its words; save pickle.dump(vocab.itos, file)";
      }
      if (name.equals("defaultdict")) {
        return "a dictionary from words to ids; the list from ids to words (itos) is needed";
      }
      return "a vocabulary is a list of strings; save pickle.dump(list(itos), file)";
    }

    @Override
    public Object call(Object function, Tuple arguments) throws Refused {
      throw new Refused("a call, which no list of strings needs");
    }

    @Override
    public Object persistent(Object id) throws Refused {
      throw new Refused("a reference out of the file, which no list of strings needs");
    }
  }

  /**
   * Reads the words in the order of their ids. Only the filler {@code xxfake} may stand twice.
   *
   * @throws UlmfitException (bad model) naming the file and the byte, or the ids of the words
   */
  public static List<String> read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      PickleSource in = new PickleSource(file, channel, 0, channel.size());
      Object value = Pickle.read(in, NoNames.INSTANCE);
      if (!(value instanceof Sequence list)) {
        throw Refusals.of(
            file,
            "holds "
                + PickleValue.kind(value)
                + ", not a list of strings; save pickle.dump(list(itos), file)");
      }
      if (in.remaining() > 0) {
        throw in.refuse(in.position(), in.remaining() + " bytes after the end of the list");
      }
      return words(file, list.items);
    } catch (IOException e) {
      throw Refusals.unreadable(file, e);
    }
  }

  private static List<String> words(Path file, List<Object> items) {
    Map<String, Integer> ids = new HashMap<>(items.size() * 2);
    for (int id = 0; id < items.size(); id++) {
      if (!(items.get(id) instanceof String word)) {
        throw Refusals.of(
            file, "word " + id + " is " + PickleValue.kind(items.get(id)) + ", not a string");
      }
      Integer other = ids.putIfAbsent(word, id);
      if (other != null && !word.equals(FILLER)) {
        throw Refusals.of(
            file,
            "the word '" + Refusals.quote(word) + "' stands twice, at " + other + " and " + id);
      }
    }
    return items.stream().map(String.class::cast).toList();
  }

  /**
   * Writes what {@link #read} and Python's {@code pickle.load} read; protocol 2.
   *
   * @throws IllegalArgumentException if a word holds half of a surrogate pair
   * @throws UlmfitException (failure) if the file cannot be written
   */
  public static void write(Path file, List<String> words) {
    PickleBytes pickle = new PickleBytes().protocol().op(']');
    for (int from = 0; from < words.size(); from += BATCH) {
      pickle.op('(');
      words.subList(from, Math.min(from + BATCH, words.size())).forEach(pickle::text);
      pickle.op('e');
    }
    AtomicFiles.write(file, pickle.op('.').toByteArray());
  }

  private VocabPickle() {}
}
