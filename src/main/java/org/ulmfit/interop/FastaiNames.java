package org.ulmfit.interop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulmfit.UlmfitException;

/**
 * Which tensor of a fastai file is which of ours. Ours have the names of fastai 2, without the
 * aliases of tied weights:
 *
 * <pre>
 *              fastai 0.7                              fastai 1                     fastai 2
 * embedding    0.encoder.weight                        same                         same
 *   alias      0.encoder_with_dropout.embed.weight     0.encoder_dp.emb.weight      same as 1
 * W_hh         0.rnns.N.module.weight_hh_l0_raw        0.rnns.N.weight_hh_l0_raw    same as 1
 *   stale copy -                                       0.rnns.N.module.weight_hh_l0 -
 * decoder      1.decoder.weight                        same, 1.decoder.bias         same as 1
 * classifier   0.encoder..., 0.rnns...                 0.module.encoder...          same as 1
 *   head       1.layers.K.bn., 1.layers.K.lin.         1.layers.I.                  1.layers.K.I.
 * </pre>
 *
 * An encoder's file has the same names without {@code 0.}. Sources: state dicts of fastai.lm_rnn
 * (0.7), fastai.text.models (1), fastai.text.models.awdlstm (2).
 */
final class FastaiNames {
  /** The generation of fastai whose names these are. */
  enum Generation {
    FASTAI_0_7("fastai 0.7", "fastai-0.7", "spacy-2.0", 70),
    FASTAI_1("fastai 1", "fastai-1", "spacy-2.0", 70),
    FASTAI_2("fastai 2", "fastai-2", "spacy-3", 72);

    private final String words;
    private final String rules;
    private final String tokenizer;
    private final int bptt;

    Generation(String words, String rules, String tokenizer, int bptt) {
      this.words = words;
      this.rules = rules;
      this.tokenizer = tokenizer;
      this.bptt = bptt;
    }

    String words() {
      return words;
    }

    /** The text rules it trained with. */
    String rules() {
      return rules;
    }

    /** The tokenizer it trained with. */
    String tokenizer() {
      return tokenizer;
    }

    /** Tokens of a window its classifiers read by default; a document has 20 of them at most. */
    int bptt() {
      return bptt;
    }
  }

  static final String EMBEDDING = "encoder.weight";
  static final String RAW = "weight_hh_l0_raw";

  static final String DECODER_BIAS = "1.decoder.bias";

  private static final List<String> HEAD_BIASES = List.of("1.layers.0.2.bias", "1.layers.1.2.bias");
  private static final Set<String> EMBEDDING_ALIASES =
      Set.of("encoder_with_dropout.embed.weight", "encoder_dp.emb.weight");
  private static final Pattern RNN =
      Pattern.compile(
          "rnns\\.(\\d{1,2})\\.(module\\.)?(weight_ih_l0|weight_hh_l0|weight_hh_l0_raw|bias_ih_l0"
              + "|bias_hh_l0)");
  private static final Pattern LAYER = Pattern.compile(".*rnns\\.(\\d+)\\..*");
  private static final Pattern HEAD = Pattern.compile("1\\.layers\\.([0-9.]*(?:bn|lin)?)\\.(\\w+)");

  private final String kind;
  private final Map<String, String> sources = new LinkedHashMap<>(); // ours -> the file's
  private final Map<String, String> aliases = new LinkedHashMap<>(); // the file's -> ours
  private final Set<String> ignored = new TreeSet<>();
  private final Set<String> unknown = new TreeSet<>();
  private boolean sawFastai07;
  private boolean sawStaleCopy;

  private FastaiNames(String kind) {
    this.kind = kind;
  }

  /**
   * @throws UlmfitException (bad model) naming what is left over or missing
   */
  static FastaiNames of(String where, Collection<String> names) {
    String prefix = prefix(where, names);
    boolean decoder = names.stream().anyMatch(n -> n.startsWith("1.decoder."));
    boolean head = names.stream().anyMatch(n -> n.startsWith("1.layers."));
    if (decoder && head) {
      throw UlmfitException.badModel(
          where + ": has a decoder and a classifier's head; which is it?");
    }
    FastaiNames all = new FastaiNames(decoder ? "lm" : head ? "classifier" : "encoder");
    for (String name : names) {
      all.add(name, prefix);
    }
    all.preferRaw();
    if (head) {
      all.addHead(names);
    }
    all.unknown.addAll(all.leftOver());
    all.refuse(where, "holds tensors that no AWD-LSTM of fastai has: ", all.unknown);
    all.refuse(where, "lacks tensors of an AWD-LSTM: ", all.missing());
    return all;
  }

  private static String prefix(String where, Collection<String> names) {
    for (String prefix : List.of("0.module.", "0.", "module.", "")) {
      if (names.contains(prefix + EMBEDDING)) {
        return prefix;
      }
    }
    throw UlmfitException.badModel(
        where
            + ": no tensor 0."
            + EMBEDDING
            + " or "
            + EMBEDDING
            + ", so no AWD-LSTM of fastai; it holds "
            + Refusals.some(names));
  }

  private void add(String name, String prefix) {
    if (name.equals("1.decoder.weight")) {
      aliases.put(name, encoder(EMBEDDING));
    } else if (name.equals(DECODER_BIAS)) {
      sources.put(name, name);
    } else if (name.startsWith("1.layers.")) {
      return; // the head comes when all of it is known
    } else if (!name.startsWith(prefix)) {
      unknown.add(name);
    } else {
      addEncoder(name, name.substring(prefix.length()));
    }
  }

  private void addEncoder(String name, String rest) {
    Matcher rnn = RNN.matcher(rest);
    if (rest.equals(EMBEDDING)) {
      sources.put(encoder(EMBEDDING), name);
    } else if (EMBEDDING_ALIASES.contains(rest)) {
      sawFastai07 |= rest.startsWith("encoder_with_dropout");
      aliases.put(name, encoder(EMBEDDING));
    } else if (rnn.matches()) {
      String layer = "rnns." + Integer.parseInt(rnn.group(1)) + ".";
      String tensor = rnn.group(3);
      sawFastai07 |= tensor.equals(RAW) && rnn.group(2) != null;
      boolean hidden = tensor.startsWith("weight_hh");
      String ours = encoder(layer + (hidden ? tensor : "module." + tensor));
      if (sources.putIfAbsent(ours, name) != null) {
        unknown.add(name);
      }
    } else {
      unknown.add(name);
    }
  }

  /**
   * A file with only the dropped weight has it stand in for the raw one, as fastai 0.7 loads it.
   */
  private void preferRaw() {
    for (String name : List.copyOf(sources.keySet())) {
      if (name.endsWith(".weight_hh_l0")) {
        String source = sources.remove(name);
        if (sources.putIfAbsent(name + "_raw", source) != null) {
          ignored.add(source);
          sawStaleCopy = true;
        }
      }
    }
  }

  /** Batch norms and linear layers, each kind numbered in the order they run. */
  private void addHead(Collection<String> names) {
    Map<String, Map<String, String>> modules = new TreeMap<>(FastaiNames::byNumbers);
    for (String name : names) {
      if (name.startsWith("1.layers.")) {
        Matcher part = HEAD.matcher(name);
        if (part.matches()) {
          modules
              .computeIfAbsent(part.group(1), m -> new LinkedHashMap<>())
              .put(part.group(2), name);
        } else {
          unknown.add(name);
        }
      }
    }
    int norms = 0;
    int linears = 0;
    for (Map.Entry<String, Map<String, String>> module : modules.entrySet()) {
      boolean norm = module.getValue().containsKey("running_mean");
      sawFastai07 |= module.getKey().endsWith("bn");
      sawStaleCopy |= !norm && module.getKey().matches("\\d+"); // fastai 1 numbers them flat
      String ours = "1.layers." + (norm ? norms++ + ".0." : linears++ + ".2.");
      module
          .getValue()
          .forEach(
              (tensor, name) -> {
                if (tensor.equals("num_batches_tracked")) {
                  ignored.add(name);
                } else {
                  sources.put(ours + tensor, name);
                }
              });
    }
  }

  private static int byNumbers(String a, String b) {
    String[] left = a.split("\\.");
    String[] right = b.split("\\.");
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      boolean numbers = left[i].matches("\\d{1,9}") && right[i].matches("\\d{1,9}");
      int order =
          numbers
              ? Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]))
              : left[i].compareTo(right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  /** Name of one of the encoder's tensors, as ours. */
  String encoder(String encoderTensor) {
    return switch (kind) {
      case "lm" -> "0." + encoderTensor;
      case "classifier" -> "0.module." + encoderTensor;
      default -> encoderTensor;
    };
  }

  /** Our tensors in the order this toolkit writes them. */
  List<String> ours() {
    return canonical().stream().filter(sources::containsKey).toList();
  }

  private List<String> missing() {
    return canonical().stream()
        .filter(name -> !sources.containsKey(name) && !optional(name))
        .toList();
  }

  /** A language model may lack its bias, a head both of its. */
  private boolean optional(String ours) {
    return ours.equals(DECODER_BIAS)
        || HEAD_BIASES.contains(ours) && Collections.disjoint(sources.keySet(), HEAD_BIASES);
  }

  /** The file's names for what no model of this kind has, such as a head's third block. */
  private List<String> leftOver() {
    Set<String> known = Set.copyOf(canonical());
    return sources.entrySet().stream()
        .filter(e -> !known.contains(e.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private List<String> canonical() {
    List<String> all = new ArrayList<>(List.of(encoder(EMBEDDING)));
    for (int l = 0; l < Math.max(1, layers()); l++) {
      for (String tensor :
          List.of("module.weight_ih_l0", RAW, "module.bias_ih_l0", "module.bias_hh_l0")) {
        all.add(encoder("rnns." + l + "." + tensor));
      }
    }
    if (kind.equals("lm")) {
      all.add(DECODER_BIAS);
    } else if (kind.equals("classifier")) {
      for (int k = 0; k < 2; k++) {
        for (String tensor :
            List.of(
                "0.weight", "0.bias", "2.weight", "2.bias", "0.running_mean", "0.running_var")) {
          all.add("1.layers." + k + "." + tensor);
        }
      }
    }
    return all;
  }

  private void refuse(String where, String what, Collection<String> names) {
    if (!names.isEmpty()) {
      throw UlmfitException.badModel(where + ": " + what + Refusals.some(names));
    }
  }

  /** {@code lm}, {@code encoder} or {@code classifier}. */
  String kind() {
    return kind;
  }

  /** Layers of LSTM: one more than the highest number. */
  int layers() {
    return sources.keySet().stream()
        .map(LAYER::matcher)
        .filter(Matcher::matches)
        .mapToInt(m -> Integer.parseInt(m.group(1)) + 1)
        .max()
        .orElse(0);
  }

  /** Name in the file of each of our tensors. */
  Map<String, String> sources() {
    return sources;
  }

  /** The file's name of a tensor that it holds. */
  String source(String ours) {
    return Objects.requireNonNull(sources.get(ours), ours);
  }

  /** Tensors of the file that must equal one of ours. */
  Map<String, String> aliases() {
    return aliases;
  }

  /** Tensors of the file that are not needed. */
  Set<String> ignored() {
    return ignored;
  }

  /** Name of the embedding, as ours. */
  String embedding() {
    return encoder(EMBEDDING);
  }

  /** By the names alone; files of fastai 1 and 2 may have the same. */
  Generation generation() {
    if (sawFastai07) {
      return Generation.FASTAI_0_7;
    }
    return sawStaleCopy ? Generation.FASTAI_1 : Generation.FASTAI_2;
  }
}
