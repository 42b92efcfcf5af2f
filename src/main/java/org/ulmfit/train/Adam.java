package org.ulmfit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Parameter;

/**
 * Adam over layer groups, each with its own step count and learning rate, with clipping by the
 * global norm folded into the update. Kingma and Ba 2015; Loshchilov and Hutter 2019 (decoupled
 * decay). Frozen parameters are neither moved nor decayed, and their state does not age.
 */
public final class Adam implements AutoCloseable {

  private final NDManager manager;
  private final Kernels kernels;
  private final List<LayerGroup> groups;
  private final Recipe.Optimizer form;
  private final Map<String, NDArray> first = new LinkedHashMap<>();
  private final Map<String, NDArray> second = new LinkedHashMap<>();
  private final long[] steps;

  public Adam(NDManager parent, Kernels kernels, List<LayerGroup> groups, Recipe.Optimizer form) {
    this.manager = parent.newSubManager();
    this.kernels = kernels;
    this.groups = groups;
    this.form = form;
    this.steps = new long[groups.size()];
  }

  /** Steps each group has taken. */
  public long[] steps() {
    return steps.clone();
  }

  /**
   * Global L2 norm of the gradients of all trainable parameters.
   *
   * @param step owner of temporaries
   */
  public double norm(NDManager step) {
    NDList gradients = new NDList();
    trainable().forEach(p -> gradients.add(p.gradient(step)));
    return kernels.callLists(step, "global_norm", List.of(gradients)).singletonOrThrow().getFloat();
  }

  /**
   * One update, after which the gradients are zero.
   *
   * @param rates learning rate of each group
   * @param beta1 of this step
   * @param norm global gradient norm, as {@link #norm} gave it
   */
  public void step(NDManager step, double[] rates, double beta1, double norm) {
    Kernels.withoutRecording(() -> updateGroups(step, rates, beta1, norm));
  }

  private void updateGroups(NDManager step, double[] rates, double beta1, double norm) {
    // torch clip_grad_norm_: gradients times clip / (norm + 1e-6) where that is below 1
    double divisor = form.clip() > 0 ? Math.max((norm + 1e-6) / form.clip(), 1) : 1;
    NDArray scale = step.create((float) divisor);
    for (int g = 0; g < groups.size(); g++) {
      List<Parameter> trainable =
          groups.get(g).parameters().stream().filter(Parameter::trainable).toList();
      if (trainable.isEmpty()) {
        continue;
      }
      steps[g]++;
      update(
          step, trainable.stream().filter(this::decays).toList(), g, rates[g], beta1, true, scale);
      update(
          step,
          trainable.stream().filter(p -> !decays(p)).toList(),
          g,
          rates[g],
          beta1,
          false,
          scale);
    }
    zeroGradients(step);
  }

  private boolean decays(Parameter p) {
    return form.decayNormAndBias() || !p.normOrBias();
  }

  private void update(
      NDManager step,
      List<Parameter> parameters,
      int group,
      double rate,
      double beta1,
      boolean decay,
      NDArray scale) {
    if (parameters.isEmpty()) {
      return;
    }
    NDList values = new NDList();
    NDList gradients = new NDList();
    NDList m = new NDList();
    NDList v = new NDList();
    NDList t = new NDList();
    for (Parameter p : parameters) {
      values.add(p.value());
      gradients.add(p.gradient(step));
      m.add(state(first, p));
      v.add(state(second, p));
      t.add(step.create((float) steps[group]));
    }
    float[] settings = {
      (float) rate,
      (float) beta1,
      (float) form.beta2(),
      (float) (decay ? form.weightDecay() : 0),
      (float) epsilon(steps[group])
    };
    String kernel = form.decay() == Recipe.Decay.COUPLED ? "adam_coupled" : "adam_decoupled";
    List<NDList> lists = List.of(values, gradients, m, v, t);
    kernels.callLists(step, kernel, lists, step.create(settings), scale);
  }

  /** torch before 1.3 added epsilon before the bias correction of the second moment. */
  private double epsilon(long t) {
    return form.epsilonMode() == Recipe.EpsilonMode.BEFORE_CORRECTION
        ? form.epsilon() / Math.sqrt(1 - Math.pow(form.beta2(), (double) t))
        : form.epsilon();
  }

  private NDArray state(Map<String, NDArray> moments, Parameter p) {
    return moments.computeIfAbsent(p.name(), n -> manager.zeros(p.value().getShape()));
  }

  private List<Parameter> trainable() {
    List<Parameter> all = new ArrayList<>();
    groups.forEach(g -> g.parameters().stream().filter(Parameter::trainable).forEach(all::add));
    return all;
  }

  /** Sets every trainable parameter's gradient to zero. */
  public void zeroGradients(NDManager step) {
    NDList gradients = new NDList();
    trainable().forEach(p -> gradients.add(p.gradient(step)));
    kernels.callLists(step, "zero", List.of(gradients));
  }

  /** Moments by checkpoint name. */
  public Map<String, NDArray> state() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    first.forEach((name, array) -> all.put("adam.m." + name, array));
    second.forEach((name, array) -> all.put("adam.v." + name, array));
    return all;
  }

  /** Allocates the moments of all trainable parameters and sets the step counts, for a resume. */
  public Map<String, NDArray> restore(long[] stepCounts) {
    System.arraycopy(stepCounts, 0, steps, 0, steps.length);
    for (Parameter p : trainable()) {
      state(first, p);
      state(second, p);
    }
    return state();
  }

  @Override
  public void close() {
    manager.close();
  }
}
