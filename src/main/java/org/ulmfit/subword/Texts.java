package org.ulmfit.subword;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.Split;

/** Texts to train a tokenizer on, each of one or several columns. */
@FunctionalInterface
public interface Texts {
  /** Reads them once, in their order. */
  void forEach(Consumer<List<String>> sink);

  /**
   * The texts of a corpus that are given as no validation or test data, labels not looked at.
   *
   * @param limit texts at most; 0 = all
   * @param told what was found in it and how it is read
   */
  static Texts of(Corpus corpus, int limit, Consumer<String> told) {
    return sink -> {
      CorpusReader reader = CorpusReader.open(corpus, Expectation.of(Expectation.Labels.UNUSED));
      reader.found().forEach(told);
      AtomicInteger left = new AtomicInteger(limit == 0 ? Integer.MAX_VALUE : limit);
      reader.forEach(
          (split, document) -> {
            boolean training = split == Split.TRAIN || split == Split.UNSUP;
            if (training && left.getAndDecrement() > 0) {
              sink.accept(document.fields());
            }
          });
      CorpusReader.Counts counts = reader.counts();
      if (counts.rejected() > 0) {
        told.accept(Shown.format("%,d of %,d rows rejected", counts.rejected(), counts.rows()));
        counts.rejections().forEach(one -> told.accept("rejected " + one));
      }
    };
  }
}
