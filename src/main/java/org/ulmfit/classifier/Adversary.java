package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.Perturbation;

/**
 * Adversarial and virtual adversarial training of embedded words, and little entropy, around an
 * objective: Miyato, Dai and Goodfellow 2017; Grandvalet and Bengio 2005. Every text is moved by a
 * share of its own norm, under the same dropout as in the pass that answered it. Adversarial
 * training goes up the gradient of the whole loss, regularisers and entropy with it. What a moved
 * or an unlabelled text is read by leaves the running statistics of batch norms alone.
 */
final class Adversary {
  private final Recipe.Adversarial settings;
  private final Labelling labelling;
  private final TextModel model;
  private final Draw draw;

  /** Makes arrays of numbers drawn from a normal distribution. */
  interface Draw {
    NDArray of(NDManager owner, Shape shape);
  }

  Adversary(Recipe.Adversarial settings, Labelling labelling, TextModel model) {
    this(settings, labelling, model, NDManager::randomNormal);
  }

  Adversary(Recipe.Adversarial settings, Labelling labelling, TextModel model, Draw draw) {
    this.draw = draw;
    this.settings = settings;
    this.labelling = labelling;
    this.model = model;
  }

  /** A batch that can be read again and again, each time under the same dropout. */
  interface Texts {
    int rows();

    TextModel.Forward read(NDManager owner, Perturbation perturbation);
  }

  /**
   * Leaves the gradients of a batch in the parameters.
   *
   * @param labels of the labelled ones
   * @param others batches of texts without labels
   * @return mean loss of the objective over the rows, nats, without regularisers
   */
  double backward(
      NDManager step,
      GradientCollector collector,
      Texts labelled,
      ClassifierTask.Labels labels,
      List<Texts> others) {
    double all = labelled.rows() + others.stream().mapToInt(Texts::rows).sum();
    double loss = new Pass(step, collector, labelled, labels, labelled.rows() / all).run();
    for (Texts texts : others) {
      new Pass(step, collector, texts, null, texts.rows() / all).run();
    }
    return loss;
  }

  /** What is done with the texts of one batch, all with labels or all without. */
  private final class Pass {
    private final NDManager step;
    private final GradientCollector collector;
    private final Texts texts;
    private final ClassifierTask.@Nullable Labels labels;
    private final double share; // of all texts of the step

    private final NDList valid = new NDList(); // of each part of the documents
    private long width; // of an embedded word
    private double loss;

    Pass(
        NDManager step,
        GradientCollector collector,
        Texts texts,
        ClassifierTask.@Nullable Labels labels,
        double share) {
      this.step = step;
      this.collector = collector;
      this.texts = texts;
      this.labels = labels;
      this.share = share;
    }

    double run() {
      boolean isAt = settings.kind() == Recipe.Adversarial.Kind.AT;
      NDList directions = new NDList(); // AT: the gradients of the answers
      NDArray answers;
      NDArray norms; // (rows) of the embedded texts
      try (NDManager own = step.newSubManager()) {
        TextModel.Forward read = texts.read(own, new Perturbation(null, true, labels != null));
        answers = kept(read.logits().stopGradient());
        norms = norms(step, xs(read), valids(read));
        width = read.parts().get(0).x().getShape().get(2);
        valid.addAll(valids(read));
        valid.attach(step);
        answered(own, read);
        if (isAt && labels != null) {
          directions = gradients(read);
        }
      }
      if (settings.kind() == Recipe.Adversarial.Kind.VAT) {
        directions = adversarialDirections(answers, norms);
      }
      if (!directions.isEmpty()) {
        NDList moves = moves(directions, norms, settings.epsilon());
        try (NDManager own = step.newSubManager()) {
          TextModel.Forward read = texts.read(own, new Perturbation(moves, false, false));
          NDArray away =
              isAt ? objective(own, read).get(1) : divergence(own, read.logits(), answers);
          collector.backward(away.mul(settings.weight() * (isAt ? 1 : share)));
          read.rest().run();
        }
      }
      return loss;
    }

    /** The backward pass of texts as they are. */
    private void answered(NDManager own, TextModel.Forward read) {
      NDArray total = null;
      if (labels != null) {
        NDList losses = objective(own, read);
        total = losses.get(0);
        loss = losses.get(1).getFloat();
      }
      if (settings.entropy() > 0) {
        NDArray entropy =
            model
                .kernels()
                .one(own, kernel("entropy"), read.logits())
                .mul(settings.entropy() * share);
        total = total == null ? entropy : total.add(entropy);
      }
      if (total != null) {
        collector.backward(total);
        read.rest().run();
      }
    }

    private NDList objective(NDManager own, TextModel.Forward read) {
      return Objects.requireNonNull(labels).losses(own, read);
    }

    /**
     * Of each text the way in which a small move changes the answer most, by one power iteration
     * from a random one.
     */
    private NDList adversarialDirections(NDArray answers, NDArray norms) {
      NDList random = new NDList();
      for (NDArray part : valid) {
        Shape steps = part.getShape();
        random.add(draw.of(step, new Shape(steps.get(0), steps.get(1), width)));
      }
      NDList moves = moves(random, norms, settings.xi());
      List<Parameter> trained =
          model.groups().stream()
              .flatMap(group -> group.parameters().stream())
              .filter(Parameter::trainable)
              .toList();
      trained.forEach(parameter -> parameter.trainable(false));
      try (NDManager own = step.newSubManager()) {
        TextModel.Forward read = texts.read(own, new Perturbation(moves, true, false));
        collector.backward(divergence(own, read.logits(), answers));
        return gradients(read);
      } finally {
        trained.forEach(parameter -> parameter.trainable(true));
      }
    }

    private NDArray divergence(NDManager own, NDArray logits, NDArray answers) {
      return model.kernels().one(own, kernel("divergence"), logits, answers);
    }

    private String kernel(String name) {
      return name + (labelling == Labelling.MULTI ? "_multi" : "_single");
    }

    /** Moves of so large a share of the texts' norms that way (steps, rows, E), by part. */
    private NDList moves(NDList directions, NDArray norms, double share) {
      return Kernels.withoutRecording(
          () -> {
            NDArray own = norms(step, directions, valid);
            NDArray size = norms.mul(share);
            size.attach(step);
            NDList moves = new NDList();
            for (int part = 0; part < directions.size(); part++) {
              moves.add(
                  model
                      .kernels()
                      .one(step, "move", directions.get(part), valid.get(part), own, size));
            }
            return moves;
          });
    }

    /** The L2 norm of each text over all its parts (rows). */
    private NDArray norms(NDManager owner, NDList xs, NDList valids) {
      return Kernels.withoutRecording(
          () -> {
            NDArray squares = owner.zeros(new Shape(texts.rows()));
            for (int part = 0; part < xs.size(); part++) {
              model.kernels().one(owner, "add_squares", squares, xs.get(part), valids.get(part));
            }
            NDArray norms = squares.sqrt();
            norms.attach(owner);
            return norms;
          });
    }

    private NDArray kept(NDArray array) {
      array.attach(step);
      return array;
    }

    private NDList gradients(TextModel.Forward read) {
      NDList gradients = new NDList();
      read.parts().forEach(part -> gradients.add(kept(part.x().getGradient())));
      return gradients;
    }

    private static NDList xs(TextModel.Forward read) {
      return new NDList(read.parts().stream().map(Perturbation.Part::x).toList());
    }

    private static NDList valids(TextModel.Forward read) {
      return new NDList(read.parts().stream().map(Perturbation.Part::valid).toList());
    }
  }
}
