package peers;

import java.io.IOException;
import java.util.List;

/** A library that learns to classify texts. */
interface Peer {
  /** How it was set, for readers of the table. */
  String settings();

  void train(Spec spec, List<Spec.Row> rows) throws IOException;

  void save(Spec spec) throws IOException;

  /** A probability for each label. */
  double[] probabilities(String text);
}
