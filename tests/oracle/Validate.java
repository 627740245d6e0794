import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.jena.rdf.model.Model;
import org.topbraid.jenax.util.JenaUtil;
import org.topbraid.shacl.validation.ValidationUtil;

/** Validates data.nt with shapes.nt in each folder into report.ttl: one start for all of them. */
public class Validate {
    public static void main(String[] folders) throws Exception {
        for (String name : folders) {
            Path folder = Path.of(name);
            try (OutputStream out = Files.newOutputStream(folder.resolve("report.ttl"))) {
                Model data = read(folder.resolve("data.nt"));
                Model shapes = read(folder.resolve("shapes.nt"));
                ValidationUtil.validateModel(data, shapes, false).getModel().write(out, "TURTLE");
            } catch (Exception error) {
                try (PrintStream out = new PrintStream(folder.resolve("error.txt").toFile())) {
                    error.printStackTrace(out);
                }
            }
        }
    }

    private static Model read(Path path) throws Exception {
        Model model = JenaUtil.createMemoryModel();
        try (InputStream in = Files.newInputStream(path)) {
            return model.read(in, null, "N-TRIPLES");
        }
    }
}
