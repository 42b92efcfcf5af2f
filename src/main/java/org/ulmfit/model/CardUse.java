package org.ulmfit.model;

import org.ulmfit.Labelling;
import org.ulmfit.Shown;

/** How to load a model, in Java and by command. */
final class CardUse {
  private CardUse() {}

  /**
   * Of what answers with labels.
   *
   * @param fields text columns of a row
   */
  static String classifier(Labelling labelling, int fields) {
    boolean row = fields > 1;
    String answer = labelling == Labelling.SINGLE ? "label()" : "labels()";
    String call =
        row
            ? "predictFields(List.of(List.of(" + texts(fields) + "))).get(0)."
            : "predict(\"A text.\").";
    String java =
        Shown.format(
            """
        import java.nio.file.Path;
        %simport org.ulmfit.predict.TextClassifier;

        try (TextClassifier classifier = TextClassifier.load(Path.of("MODEL"))) {
          System.out.println(classifier.%s%s);
        }
        """,
            row ? "import java.util.List;\n" : "", call, answer);
    String commands =
        """
        ulmfit predict MODEL texts.csv
        ulmfit evaluate MODEL labelled.csv
        """;
    return both(java, commands);
  }

  private static String texts(int fields) {
    StringBuilder texts = new StringBuilder("\"Text of the first column.\"");
    for (int field = 2; field <= fields; field++) {
      texts.append(", \"Of column ").append(field).append(".\"");
    }
    return texts.toString();
  }

  /** Of what a classifier starts from. */
  static String encoder(boolean writes) {
    String java =
        """
        import java.nio.file.Path;
        import org.ulmfit.Ulmfit;
        import org.ulmfit.corpus.Corpus;
        import org.ulmfit.predict.TextClassifier;

        Corpus labelled = Corpus.csv(Path.of("labelled.csv"));
        Ulmfit.classifier(labelled).encoder(Path.of("MODEL")).into(Path.of("classifier-run"));
        try (TextClassifier classifier = TextClassifier.load(Path.of("classifier-run"))) {
          System.out.println(classifier.predict("A text.").labels());
        }
        """;
    String commands =
        "ulmfit classify labelled.csv --encoder MODEL --out classifier-run\n"
            + (writes ? "ulmfit generate MODEL --prompt \"Once\"\n" : "");
    return both(java, commands);
  }

  private static String both(String java, String commands) {
    return "`MODEL` is this folder, or the run it lies in. In Java (`org.ulmfit:ulmfit`):\n\n```java\n"
        + java
        + "```\n\nBy command:\n\n```sh\n"
        + commands
        + "```\n";
  }
}
