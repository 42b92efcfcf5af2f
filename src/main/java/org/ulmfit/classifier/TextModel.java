package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Perturbation;
import org.ulmfit.nn.Tensors;
import org.ulmfit.run.Training;
import org.ulmfit.vocab.TokenStore;

/** A classifier in training: all that {@link ClassifierTask} needs of one, whatever its family. */
public interface TextModel extends Training.Model {

  /** Owner of its arrays. */
  NDManager manager();

  Kernels kernels();

  /** Weights and statistics by file name; the arrays themselves. */
  Map<String, NDArray> tensors();

  /** All that is saved. */
  default List<Safetensors.Entry> entries() {
    return Tensors.entries(tensors());
  }

  /**
   * An epoch begins.
   *
   * @param train its documents
   * @param notes told what takes long, in lines
   */
  default void startEpoch(TokenStore train, Consumer<String> notes) {}

  /**
   * Reads a training batch.
   *
   * @param train the documents of the epoch
   * @param documents their indices, the longest first
   */
  Forward forward(NDManager step, TokenStore train, int[] documents);

  /**
   * The same, read as a perturbation says.
   *
   * @param train documents, those of the epoch or others
   */
  default Forward forward(
      NDManager step, TokenStore train, int[] documents, Perturbation perturbation) {
    throw new UnsupportedOperationException("of families that read classifier.adversarial alone");
  }

  /** Steps that a document of so many tokens takes in a batch of which it is the longest. */
  default int steps(int tokens, Recipe.Classifier settings) {
    return Math.min(tokens, settings.maxLength());
  }

  /**
   * Bytes that a training batch keeps for its gradients.
   *
   * @param tokens rows times steps
   */
  long activationBytes(long tokens, Kernels.Arithmetic arithmetic);

  /** A reader of the weights as they are now; train no further before it is closed. */
  Inference inference();

  /**
   * What a forward pass gives to its objective.
   *
   * @param logits (rows, classes)
   * @param kept outputs of the steps that are regularised (steps, rows, width)
   * @param mask 1 where such a step belongs to its document (steps, rows, 1)
   * @param rest what is left of the backward pass after autograd
   * @param parts embedded words that get gradients, if they were asked for
   */
  record Forward(
      NDArray logits, NDArray kept, NDArray mask, Runnable rest, List<Perturbation.Part> parts) {

    /** One without steps that are regularised. */
    static Forward of(NDManager step, NDArray logits, Runnable rest) {
      Shape none = new Shape(1, 1, 1);
      return new Forward(logits, step.zeros(none), step.zeros(none), rest, List.of());
    }
  }
}
