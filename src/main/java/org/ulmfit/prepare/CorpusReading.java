package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.Shard;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.Scripts;

/** A corpus that was read once: its rows are in a file, its letters are counted. */
final class CorpusReading implements AutoCloseable {
  private static final int REPORT_EVERY = 25_000;

  /** What a stop says of the work so far. */
  static final String STOPPED = "while the data was prepared; nothing was lost";

  private final Corpus corpus;
  private final CorpusReader reader;
  private final Spill spill;
  private final Scripts letters = new Scripts();

  private CorpusReading(Corpus corpus, CorpusReader reader, Spill spill) {
    this.corpus = corpus;
    this.reader = reader;
    this.spill = spill;
  }

  /**
   * @param own the rows to read
   * @param dir gets the file while it is needed
   * @param rejections receives rows that are left out on request
   * @param progress receives lines worth showing
   */
  static CorpusReading of(
      Corpus corpus,
      Expectation expectation,
      Shard own,
      Recipe recipe,
      Path dir,
      Consumer<CorpusReader.Rejection> rejections,
      Consumer<String> progress,
      Stop stop) {
    CorpusReader reader = CorpusReader.open(corpus, expectation);
    reader.found().forEach(progress);
    if (expectation.labels() != Expectation.Labels.UNUSED) {
      progress.accept(reader.task());
    }
    Spill spill = new Spill(dir.resolve("documents.tmp"));
    try {
      CorpusReading reading = new CorpusReading(corpus, reader, spill);
      reading.read(own, Splitter.isLesson(recipe), rejections, progress, stop);
      return reading;
    } catch (RuntimeException | Error e) {
      spill.close();
      throw e;
    }
  }

  /**
   * @param universalNewlines of Python's open(..., 'r')
   */
  private void read(
      Shard own,
      boolean universalNewlines,
      Consumer<CorpusReader.Rejection> rejections,
      Consumer<String> progress,
      Stop stop) {
    reader.forEach(
        own,
        new CorpusReader.Sink() {
          @Override
          public void accept(Split split, Document document) {
            stop.check(STOPPED);
            document.fields().forEach(letters::add);
            spill.add(split, universalNewlines ? withNewlines(document) : document);
            if (spill.size() % REPORT_EVERY == 0) {
              progress.accept(Shown.format("read %,d documents", spill.size()));
            }
          }

          @Override
          public void reject(CorpusReader.Rejection rejection) {
            rejections.accept(rejection);
          }
        });
    spill.finish();
  }

  private static Document withNewlines(Document document) {
    List<String> fields =
        document.fields().stream()
            .map(field -> field.replace("\r\n", "\n").replace('\r', '\n'))
            .toList();
    return new Document(document.id(), fields, document.labels());
  }

  CorpusReader reader() {
    return reader;
  }

  Spill spill() {
    return spill;
  }

  Scripts letters() {
    return letters;
  }

  /** Leaves out rows of labels that are unknown, where such rows are to be skipped. */
  List<CorpusReader.Rejection> leaveOutUnknown(List<String> labels) {
    return corpus.options().onBadRow() == CorpusOptions.OnBadRow.SKIP
        ? Labels.leaveOutUnknown(corpus.toString(), spill, labels)
        : List.of();
  }

  @Override
  public void close() {
    spill.close();
  }
}
