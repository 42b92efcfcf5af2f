package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.ulmfit.nn.TextNetwork;

/**
 * A {@link TextNetwork} from embedded words on.
 *
 * @param network closed with it
 */
record EmbeddedNetwork(TextNetwork network, NetworkReading reading) implements EmbeddedModel {

  @Override
  public NDManager manager() {
    return network.manager();
  }

  @Override
  public Steps steps(int[] document) {
    int[] places = reading.places(document);
    TextNetwork.Batch batch = reading.collate(new int[][] {reading.read(document)});
    int length = batch.lengths()[0];
    int[] tokens = Arrays.copyOf(places, length);
    Arrays.fill(tokens, Math.min(places.length, length), length, -1);
    return new Steps(Arrays.copyOf(batch.ids(), length), tokens, 0);
  }

  @Override
  public NDArray embedded(NDManager step, long[] ids) {
    return network.embedded(step, ids);
  }

  @Override
  public NDArray logits(NDManager step, Steps steps, NDArray x) {
    return network.logits(step, x);
  }

  @Override
  public void close() {
    network.close();
  }
}
