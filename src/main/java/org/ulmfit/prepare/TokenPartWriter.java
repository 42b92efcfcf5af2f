package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Shard;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.Scripts;

/**
 * Makes one part of the token stores of a language model from texts that come one by one, for
 * programs that share the work; {@link Prepare#join} makes prepared data of all parts.
 */
public final class TokenPartWriter implements AutoCloseable {
  private final Path dir;
  private final Recipe recipe;
  private final Shard own;
  private final int fields;
  private final Spill spill;
  private final Scripts letters = new Scripts();
  private long missing;

  /**
   * Begins a part.
   *
   * @param dir an empty folder
   * @param recipe its {@code text} section decides the tokens
   * @param fields texts of a document
   * @throws UlmfitException (usage) if the recipe cannot be followed part by part, see {@link
   *     Prepare#checkParts}
   */
  public TokenPartWriter(Path dir, Recipe recipe, Shard own, int fields) {
    Prepare.checkParts(recipe);
    this.dir = dir;
    this.recipe = recipe;
    this.own = own;
    this.fields = fields;
    this.spill = new Spill(dir.resolve("documents.tmp"));
  }

  /**
   * Adds the columns of a text; one without any, or with blank ones only, is left out and counted.
   */
  public void add(@Nullable List<String> text) {
    if (text != null && text.size() != fields) {
      throw new IllegalArgumentException(text.size() + " texts in place of " + fields);
    }
    if (text == null || text.stream().allMatch(String::isBlank)) {
      missing++;
      return;
    }
    text.forEach(letters::add);
    spill.add(Split.UNSUP, new Document("", text, null));
  }

  /**
   * Tokenizes what was added and writes the part.
   *
   * @param input what is read, in words that are the same for all parts
   * @param threads that tokenize
   */
  public void finish(String input, int threads) {
    spill.finish();
    long rows = spill.size() + missing;
    TokenPart.Origin origin =
        new TokenPart.Origin(
            Fingerprint.ofPart(input, recipe),
            rows,
            spill.size(),
            List.of(input),
            InputColumns.unnamed(fields),
            List.of(),
            letters.counts());
    int[] all = IntStream.range(0, spill.size()).toArray();
    new PartTokens(recipe, threads, line -> {}, new Stop()).write(dir, spill, all, own, origin);
  }

  @Override
  public void close() {
    spill.close();
  }
}
