package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.nn.Kernels;
import org.ulmfit.run.Training;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** A classifier in training: all that {@link ClassifierTask} needs of one, whatever its family. */
public interface TextModel extends Training.Model {

  /** Owner of its arrays. */
  NDManager manager();

  Kernels kernels();

  /** All that is saved, by file name; the arrays themselves. */
  Map<String, NDArray> tensors();

  /**
   * Takes over the weights of a saved encoder, as far as the family has such.
   *
   * @param vocab the words of this model
   * @param counts occurrences of each word in the training documents, for the report
   */
  void begin(
      Pretrained encoder, Vocab vocab, Recipe.Remap options, long[] counts, Consumer<String> notes);

  /**
   * Takes over all weights of a saved classifier of the same sizes. Labels that it does not know
   * keep the weights they have.
   *
   * @param labels of this model, by index
   */
  void goOn(Pretrained classifier, List<String> labels);

  /**
   * An epoch begins.
   *
   * @param train its documents
   * @param notes told what takes long, in lines
   */
  void startEpoch(TokenStore train, Consumer<String> notes);

  /**
   * Reads a training batch.
   *
   * @param train the documents of the epoch
   * @param documents their indices, the longest first
   */
  Forward forward(NDManager step, TokenStore train, int[] documents);

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
   */
  record Forward(NDArray logits, NDArray kept, NDArray mask, Runnable rest) {}
}
