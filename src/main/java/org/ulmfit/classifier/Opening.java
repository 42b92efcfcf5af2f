package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/**
 * A saved model that is to answer.
 *
 * @param engine opened when it is asked for, and closed by who gave it
 * @param folder the model's, for what it has beside its weights; null: it has nothing
 * @param vectors file of a sentence encoder's vectors, to take from and to add to; null: none are
 *     kept
 */
public record Opening(
    Supplier<Backend> engine,
    ModelConfig config,
    int padId,
    @Nullable ModelFolder folder,
    Safetensors.Reader weights,
    @Nullable Path vectors) {}
