package org.ulmfit.prepare;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Checksums;
import org.ulmfit.random.Seeds;
import org.ulmfit.vocab.Scripts;

/** Makes prepared data for a language model of all parts. */
final class Joining {
  private static final int REJECTIONS = 5;

  private final Path parts;
  private final Recipe recipe;
  private final Path dir;
  private final Consumer<String> progress;

  Joining(Path parts, Recipe recipe, Path dir, Consumer<String> progress) {
    this.parts = parts;
    this.recipe = recipe;
    this.dir = dir;
    this.progress = progress;
  }

  /** What it is made of, for a folder that may be there already. */
  static Map<String, String> settings(List<TokenPart> all, Recipe recipe) {
    String sums =
        all.stream().map(part -> part.listing().toString()).collect(Collectors.joining("\n"));
    return Fingerprint.ofJoined(
        all.get(0).listing().origin().settings(),
        recipe,
        Checksums.sha256(sums.getBytes(StandardCharsets.UTF_8)));
  }

  void run(List<TokenPart> all, Map<String, String> settings) {
    try (JoinedParts joined = new JoinedParts(all)) {
      if (joined.size() == 0) {
        throw UlmfitException.badData(none(all));
      }
      int[] valid = joined.which(doc -> validates(joined.hash(doc)));
      int[] train = joined.which(doc -> !validates(joined.hash(doc)));
      if (valid.length == 0 || train.length == 0) {
        throw UlmfitException.badData(
            Shown.format(
                    "%s: of %,d texts none is left to %s; give more texts, or another lm.validFraction (it",
                    parts, joined.size(), valid.length == 0 ? "validate on" : "train on")
                + " is "
                + recipe.lm().validFraction()
                + ")");
      }
      PreparedFolder.unmark(dir);
      PreparedTokenizer.copy(dir, recipe.text());
      RejectedRows.join(all.stream().map(TokenPart::dir).toList(), dir);
      Optional<String> script = CorpusScript.warning(letters(all), recipe.text(), false);
      CorpusSummary summary = summary(all, train.length, valid.length, joined.repeated(), script);
      summary.lines().forEach(progress);
      Numericalization numbers = Numericalization.build(joined, train, recipe, List.of());
      StoreWriting stores =
          new StoreWriting(
              dir,
              numbers,
              new UnknownWords(UnknownWords.Origin.BUILT, recipe, script.isPresent()),
              progress);
      stores.add(PreparedFolder.LM_TRAIN, train, null);
      stores.add(PreparedFolder.LM_VALID, valid, null);
      numbers.vocab().write(PreparedFolder.vocabFile(dir));
      PreparedFolder.of(
              dir,
              settings,
              Labelling.SINGLE,
              List.of(),
              numbers.vocab(),
              stores.files(),
              stores.counted(summary))
          .write();
    }
  }

  /** A text validates or trains wherever it stands, however often, by its hash and the seed. */
  private boolean validates(long hash) {
    long mixed = Seeds.mix(hash + recipe.seed() * 0x9e3779b97f4a7c15L);
    return (mixed >>> 11) * 0x1.0p-53 < recipe.lm().validFraction();
  }

  /** Why there is nothing to join. */
  private String none(List<TokenPart> all) {
    long rows = all.stream().mapToLong(part -> part.listing().origin().rows()).sum();
    String first =
        all.stream()
            .flatMap(part -> part.listing().origin().notes().stream())
            .findFirst()
            .map(note -> ", the first: " + note)
            .orElse("");
    return Shown.format(
        "%s: holds no text; %,d rows were read and none of them could be used%s; make the parts again of"
            + " texts",
        parts, rows, first);
  }

  /** Of all parts: what one has says nothing of the corpus. */
  private Scripts letters(List<TokenPart> all) {
    Scripts letters = new Scripts();
    for (TokenPart part : all) {
      try {
        letters.add(part.listing().origin().letters());
      } catch (IllegalArgumentException e) {
        throw UlmfitException.badData(
            part.dir() + ": was made by another Java, which knows other scripts; make it again");
      }
    }
    return letters;
  }

  private CorpusSummary summary(
      List<TokenPart> all, int train, int valid, int repeated, Optional<String> script) {
    long rows = 0;
    long used = 0;
    List<String> notes = new ArrayList<>();
    List<TokenPart.Origin> origins = all.stream().map(part -> part.listing().origin()).toList();
    for (TokenPart.Origin origin : origins) {
      rows += origin.rows();
      used += origin.used();
    }
    if (repeated > 0) {
      notes.add(Shown.format("%,d rows repeat an earlier text", repeated));
    }
    script.ifPresent(notes::add);
    origins.stream().flatMap(one -> one.notes().stream()).limit(REJECTIONS).forEach(notes::add);
    Map<String, Integer> splits = new LinkedHashMap<>();
    splits.put(PreparedFolder.LM_TRAIN, train);
    splits.put(PreparedFolder.LM_VALID, valid);
    return new CorpusSummary(
        rows,
        used,
        rows - used,
        splits,
        origins.stream().flatMap(one -> one.inputs().stream()).distinct().toList(),
        origins.get(0).columns(),
        notes,
        Map.of());
  }
}
