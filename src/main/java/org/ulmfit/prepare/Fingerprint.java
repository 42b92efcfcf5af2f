package org.ulmfit.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Links;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.JarEntries;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Vocab;

/** Everything a preparation depends on, as text, so that a stale one is never taken for fresh. */
final class Fingerprint {
  /** Raised whenever the same settings give other tokens or rows. */
  private static final String PREPARATION = "4";

  /** Version of ICU, where it finds the words. */
  private static final String ICU = "icu";

  /** The pretrained model's words, if they join the corpus's. */
  private static final String KEPT = "vocab.kept";

  /** There where it was left to the preparation whether they do. */
  private static final String LEFT = "vocab.keepPretrained";

  private static final String TOKENIZER = "text.tokenizer";

  /** Whether the language model reads texts of test rows. */
  private static final String WITH_TEST = "lm.includeTestText";

  /** How the tokenizer was trained, if it was; {@link #TOKENIZER} is the file it became. */
  private static final String TRAINED = "text.tokenizer.trained";

  private Fingerprint() {}

  static Map<String, String> of(
      Corpus corpus, Recipe recipe, @Nullable Vocab vocab, List<String> kept, int limit) {
    Map<String, String> settings = ofRecipe(recipe);
    settings.put("preparation", PREPARATION);
    String icu = recipe.text().icu();
    if (icu != null) {
      settings.put(ICU, icu);
    }
    settings.put("seed", Long.toString(recipe.seed()));
    settings.put("limit", Integer.toString(limit));
    put(settings, "", corpus);
    put(settings, ".valid", corpus.valid());
    put(settings, ".test", corpus.test());
    settings.put("vocab", vocab == null ? "built" : vocab.sha256());
    if (!kept.isEmpty()) {
      settings.put(KEPT, Vocab.of(kept).sha256());
      if (recipe.vocab().keepPretrained() == Recipe.KeepPretrained.AUTO) {
        settings.put(LEFT, "auto");
      }
    }
    return settings;
  }

  /**
   * What the tokens of a part depend on, whichever part it is.
   *
   * @param input what is read, in words that are the same wherever a part is made
   */
  static Map<String, String> ofPart(String input, Recipe recipe) {
    Map<String, String> settings = ofRecipe(recipe);
    settings.keySet().removeIf(key -> !isOfTexts(key) && !key.equals(WITH_TEST));
    settings.put("preparation", PREPARATION);
    String icu = recipe.text().icu();
    if (icu != null) {
      settings.put(ICU, icu);
    }
    settings.put("input", input);
    return settings;
  }

  /**
   * A corpus as all parts know it, wherever they are made: a file's content, of a folder names and
   * sizes but no times, and how it is read.
   */
  static String ofPlace(Corpus corpus) {
    MessageDigest sha = Checksums.digest();
    for (Corpus one : Arrays.asList(corpus, corpus.valid(), corpus.test())) {
      if (one == null) {
        put(sha, List.of());
      } else if (one.path() == null) {
        put(sha, List.of(one.options().toString(), hash(one.documents())));
      } else {
        put(sha, List.of(one.options().toString()));
        put(sha, Files.isDirectory(one.path()) ? sizes(one.path()) : List.of(hash(one.path())));
      }
    }
    return "sha256:" + HexFormat.of().formatHex(sha.digest());
  }

  /** Of the joined parts. */
  static Map<String, String> ofJoined(Map<String, String> part, Recipe recipe, String sum) {
    Map<String, String> settings = new TreeMap<>(part);
    settings.putAll(ofRecipe(recipe));
    settings.put("seed", Long.toString(recipe.seed()));
    settings.put("joined", sum);
    return settings;
  }

  /**
   * Refuses parts whose texts were not made into tokens as the recipe says.
   *
   * @param dir of the parts
   */
  static void checkParts(Path dir, Map<String, String> part, Recipe recipe) {
    ofRecipe(recipe)
        .forEach(
            (key, wanted) -> {
              String found = part.get(key);
              if (found != null && !found.equals(wanted)) {
                throw UlmfitException.usage(
                    Shown.format(
                        "%s: its parts were made with %s=%s, the recipe says %s; --set %s",
                        dir,
                        key,
                        found,
                        wanted,
                        key.equals(TOKENIZER) && found.startsWith("sha256:")
                            ? TOKENIZER + "= the file they were made with"
                            : key + "=" + found));
              }
            });
  }

  /** What a corpus holds and how it is read. */
  private static void put(Map<String, String> settings, String which, @Nullable Corpus corpus) {
    if (corpus != null) {
      settings.put("options" + which, corpus.options().toString());
      if (corpus.options().labelNames() != null) {
        settings.put("labelNames" + which, hash(corpus.options().labelNames()));
      }
      settings.put(
          "input" + which, corpus.path() == null ? hash(corpus.documents()) : hash(corpus.path()));
    }
  }

  /** There was no room for the words that the preparation might have kept. */
  static void dropKept(Map<String, String> settings) {
    settings.remove(KEPT);
  }

  /** The tokenizer that was to be trained has become a file. */
  static void trained(Map<String, String> settings, Path file) {
    settings.put(TRAINED, settings.get(TOKENIZER));
    settings.put(TOKENIZER, hash(file));
  }

  /** Whether that file made the tokens. */
  static boolean isTokenizer(Map<String, String> settings, Path file) {
    return hash(file).equals(settings.get(TOKENIZER));
  }

  /** As a preparation whose tokenizer was trained is asked for, by its training or its file. */
  private static Map<String, String> asAsked(Map<String, String> found, Map<String, String> asked) {
    Map<String, String> settings = complete(found);
    String trained = settings.remove(TRAINED);
    if (trained != null && trained.equals(asked.get(TOKENIZER))) {
      settings.put(TOKENIZER, trained);
    }
    return settings;
  }

  static boolean keepsPretrained(Map<String, String> settings) {
    return settings.containsKey(KEPT);
  }

  /**
   * Whether a preparation is what is asked for: made with the same settings, and where it is left
   * to the preparation whether words are kept, by one it was left to. What such a preparation came
   * to may also be asked for outright.
   */
  static boolean isMetBy(Map<String, String> found, Map<String, String> asked) {
    Map<String, String> f = asAsked(found, asked);
    Map<String, String> a = new TreeMap<>(asked);
    if (a.containsKey(LEFT) && !f.containsKey(KEPT)) {
      a.remove(KEPT);
    } else if (!a.containsKey(LEFT)) {
      f.remove(LEFT);
    }
    return f.equals(a);
  }

  /**
   * Compares a prepared folder with the recipe: refuses what would train another model than the
   * recipe says, tells the rest.
   */
  static void checkRecipe(PreparedFolder folder, Recipe recipe, Consumer<String> progress) {
    Map<String, String> settings = asAsked(folder.settings(), ofRecipe(recipe));
    String icu = settings.get(ICU);
    String here = recipe.text().icu();
    if (icu != null && here != null && !icu.equals(here)) {
      progress.accept(
          folder.dir()
              + ": prepared with ICU "
              + icu
              + ", here is "
              + here
              + ", which may find other words");
    }
    ofRecipe(recipe)
        .forEach(
            (key, wanted) -> {
              String found = settings.get(key);
              if (wanted.equals(found)) {
                return;
              }
              String what = folder.dir() + ": prepared with " + key + "=" + found;
              if (isOfTexts(key) || key.equals(WITH_TEST)) {
                throw UlmfitException.usage(
                    what
                        + ", the recipe says "
                        + wanted
                        + "; prepare it again or --set "
                        + key
                        + "="
                        + remedy(folder, key, found));
              }
              progress.accept(what + " (the recipe's " + wanted + " has no effect here)");
            });
  }

  /** What is given to get what was found. */
  private static @Nullable String remedy(
      PreparedFolder folder, String key, @Nullable String found) {
    Path file = PreparedTokenizer.file(folder.dir());
    return key.equals(TOKENIZER) && Files.exists(file) ? file.toString() : found;
  }

  /** With what a preparation means that says nothing of it. */
  private static Map<String, String> complete(Map<String, String> settings) {
    Map<String, String> complete = new TreeMap<>(settings);
    complete.putIfAbsent("text.normalise", Recipes.word(Normalise.NONE));
    return complete;
  }

  /** Refuses a prepared folder whose texts were not made into tokens as a model's were. */
  static void checkModel(PreparedFolder folder, Recipe reading) {
    Map<String, String> settings = complete(folder.settings());
    ofRecipe(reading)
        .forEach(
            (key, wanted) -> {
              String found = settings.get(key);
              if (isOfTexts(key) && !wanted.equals(found)) {
                throw UlmfitException.usage(
                    folder.dir()
                        + ": prepared with "
                        + key
                        + "="
                        + found
                        + ", the model has "
                        + wanted
                        + "; give the raw corpus");
              }
            });
  }

  /** Whether a setting decides what tokens a text becomes. */
  private static boolean isOfTexts(String key) {
    return key.startsWith("text.") || key.equals("corpus.standardise");
  }

  private static Map<String, String> ofRecipe(Recipe recipe) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("text.rules", Recipes.word(recipe.text().rules()));
    settings.put(TOKENIZER, tokenizer(recipe.text().tokenizer()));
    settings.put("text.markFields", Recipes.word(recipe.text().markFields()));
    settings.put("text.fieldNumbers", Recipes.word(recipe.text().fieldNumbers()));
    settings.put("text.normalise", Recipes.word(recipe.text().normalise()));
    settings.put("corpus.standardise", Recipes.word(recipe.corpus().standardise()));
    settings.put("corpus.validFraction", Double.toString(recipe.corpus().validFraction()));
    settings.put("corpus.testFraction", Double.toString(recipe.corpus().testFraction()));
    settings.put("vocab.maxSize", Integer.toString(recipe.vocab().maxSize()));
    settings.put("vocab.minFreq", Integer.toString(recipe.vocab().minFreq()));
    settings.put("vocab.minFreqStrict", Boolean.toString(recipe.vocab().minFreqStrict()));
    settings.put(WITH_TEST, Boolean.toString(recipe.lm().includeTestText()));
    settings.put("lm.validFraction", Double.toString(recipe.lm().validFraction()));
    return settings;
  }

  /** A profile's name, or the contents of the subword file. */
  private static String tokenizer(String idOrPath) {
    TokenizerSpec spec = TokenizerSpec.parse(idOrPath);
    if (spec instanceof TokenizerSpec.Trained) {
      return spec.id();
    }
    if (!(spec instanceof TokenizerSpec.Subword subword)) {
      return idOrPath;
    }
    return JarEntries.isJar(subword.file())
        ? "sha256:"
            + HexFormat.of()
                .formatHex(
                    Checksums.digest().digest(subword.content().getBytes(StandardCharsets.UTF_8)))
        : hash(subword.file());
  }

  /** Of documents in memory all they hold. */
  private static String hash(List<Document> documents) {
    MessageDigest sha = Checksums.digest();
    for (Document document : documents) {
      put(sha, List.of(document.id()));
      put(sha, document.fields());
      if (document.labels() == null) {
        sha.update((byte) 1); // not the same as no labels
      } else {
        put(sha, document.labels());
      }
    }
    return "sha256:" + HexFormat.of().formatHex(sha.digest());
  }

  /** Of names in their order. */
  static String ofNames(List<String> names) {
    MessageDigest sha = Checksums.digest();
    put(sha, names);
    return "sha256:" + HexFormat.of().formatHex(sha.digest());
  }

  private static void put(MessageDigest sha, List<String> texts) {
    sha.update(ByteBuffer.allocate(4).putInt(texts.size()).array());
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      sha.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
      sha.update(bytes);
    }
  }

  /** Of a file its bytes; of a folder the names, sizes and times of its files. */
  private static String hash(Path path) {
    if (path.toString().equals("-")) {
      return "standard input " + System.nanoTime(); // never the same
    }
    if (!Files.exists(path)) {
      throw UlmfitException.badData(path + ": no such file or folder; check the path");
    }
    MessageDigest sha = Checksums.digest();
    try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha)) {
      if (Files.isDirectory(path)) {
        Path root = Links.followed(path);
        try (Stream<Path> paths = Files.walk(root)) {
          for (Path file : (Iterable<Path>) paths.filter(Files::isRegularFile).sorted()::iterator) {
            String line =
                root.relativize(file)
                    + "\n"
                    + Files.size(file)
                    + "\n"
                    + Files.getLastModifiedTime(file)
                    + "\n";
            out.write(line.getBytes(StandardCharsets.UTF_8));
          }
        }
      } else {
        try (InputStream in = Files.newInputStream(path)) {
          in.transferTo(out);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, path, e);
    }
    return "sha256:" + HexFormat.of().formatHex(sha.digest());
  }

  /** Names and sizes of all files in a folder. */
  private static List<String> sizes(Path path) {
    List<String> all = new ArrayList<>();
    try {
      Path root = Links.followed(path);
      try (Stream<Path> paths = Files.walk(root)) {
        for (Path file : (Iterable<Path>) paths.filter(Files::isRegularFile).sorted()::iterator) {
          all.add(root.relativize(file).toString().replace('\\', '/'));
          all.add(Long.toString(Files.size(file)));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, path, e);
    }
    return all;
  }
}
